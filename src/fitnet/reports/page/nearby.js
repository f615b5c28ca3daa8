"use strict";
// Training rows near the plane that a curve is drawn in. The curve along one input holds all others fixed, so a row
// counts as near where its other inputs are alike: their root mean square distance, in standard deviations of the
// training rows; another word counts as one. Near rows are drawn dark, far ones fade away.

const FADING = 0.4; // standard deviations: a row so far away is drawn at 61 %
const SHADES = [0.8, 0.45, 0.2, 0.08]; // what opacities are rounded to, so that one path draws all dots of a shade
const SHADE_ENDS = [0.6, 0.3, 0.13, 0.05]; // the opacity at which each shade ends
const MOST_DOTS = 250; // in one small plot; of more the nearest

class NearbyRows {
  constructor(live, rows, shown) {
    this.live = live;
    this.rows = rows;
    this.count = rows ? rows.inputs.shape[0] : 0;
    this.shown = shown; // the inputs that distances count
    this.columns = live.inputs.map((input) => this.columnValues(input));
    this.deviations = this.columns.map((column, i) => (live.inputs[i].kind === "words" ? 1 : deviationOf(column)));
    this.squares = live.inputs.map(() => new Float64Array(this.count));
    this.total = new Float64Array(this.count);
  }

  columnValues(input) {
    const values = new Float64Array(this.count);
    if (!this.rows) return values;
    const width = this.rows.inputs.shape[1];
    for (let row = 0; row < this.count; row++) values[row] = valueInRow(input, this.rows.inputs.values, row * width);
    return values;
  }

  // Measure every row's distance from the current settings.
  measure(settings) {
    this.total.fill(0);
    for (const i of this.shown) {
      const [column, squares, deviation] = [this.columns[i], this.squares[i], this.deviations[i]];
      const words = this.live.inputs[i].kind === "words";
      const value = Number.isNaN(settings[i]) ? this.live.inputs[i].median : settings[i];
      for (let row = 0; row < this.count; row++) {
        const away = words ? Number(column[row] !== value) : (column[row] - value) / deviation;
        squares[row] = away * away;
        this.total[row] += squares[row];
      }
    }
  }

  // [{opacity, rows: [...]}, ...] near the plane along input i, or along two inputs; faint ones first.
  shades(...along) {
    const counted = along.filter((i) => this.shown.includes(i));
    const others = Math.max(1, this.shown.length - counted.length);
    const squares = this.total.slice();
    for (const i of counted) for (let row = 0; row < this.count; row++) squares[row] -= this.squares[i][row];
    const ends = SHADE_ENDS.map((opacity) => -Math.log(opacity) * 2 * FADING * FADING * others);
    ends[ends.length - 1] = nearestWithin(squares, ends[ends.length - 1]);
    const groups = SHADES.map((opacity) => ({ opacity, rows: [] }));
    const last = ends[ends.length - 1];
    for (let row = 0; row < this.count; row++) {
      if (!(squares[row] <= last)) continue;
      let place = 0;
      while (squares[row] > ends[place]) place++;
      groups[place].rows.push(row);
    }
    return groups.reverse();
  }

  // The row nearest to the current settings, or -1.
  nearest() {
    let found = -1;
    for (let row = 0; row < this.count; row++) if (found < 0 || this.total[row] < this.total[found]) found = row;
    return found;
  }

  target(row, output) {
    return this.rows.targets.values[row * this.rows.targets.shape[1] + output];
  }
}

// `end`, or less where more rows than are drawn lie within it: then the square of the last that is.
function nearestWithin(squares, end) {
  const within = squares.filter((square) => square <= end);
  return within.length > MOST_DOTS ? within.sort()[MOST_DOTS - 1] : end;
}

// One input's value in a row of numbers that begins at `offset`: the number, or the index of the level whose column is 1.
function valueInRow(input, values, offset) {
  if (input.kind !== "words") return values[offset + input.columns[0]];
  let level = 0;
  input.columns.forEach((column, k) => {
    if (values[offset + column] > values[offset + input.columns[level]]) level = k;
  });
  return level;
}

// A training row as settings: one value an input.
function settingsOfRow(live, rows, row) {
  return live.inputs.map((input) => valueInRow(input, rows.inputs.values, row * rows.inputs.shape[1]));
}

function deviationOf(column) {
  const known = Array.from(column).filter(Number.isFinite);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  return variance > 0 ? Math.sqrt(variance) : 1;
}

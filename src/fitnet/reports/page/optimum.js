"use strict";
// Settings that maximise, minimise or hit a target: from several starts a projected quasi-Newton ascent on exact slopes,
// then a search along single inputs, which passes the kinks of networks made of pieces. Within the training ranges;
// locked inputs stay. Nothing is drawn at random: the same page finds the same settings.
//
// A goal is {output, kind: "maximise" | "minimise" | "target", value, scale}; several goals count alike, in units of
// `scale`. Settings hold one value an input. Unit coordinates u run from 0 to 1 over the range of a free number.

const STARTS = 4; // besides the current point
const SPREAD_POINTS = 128, ROW_STARTS = 256; // looked at to choose the starts
const ASCENT_STEPS = 60, MEMORY = 6; // of one ascent
const LENGTHS = [4, 2, 1, 0.5, 0.25, 1 / 16, 1 / 64, 1 / 1024]; // tried together along a direction
const FIRST_REACH = 1 / 16, LAST_REACH = 1e-7; // of the search along single inputs

class OptimumSearch {
  constructor(point, goals, rows, insideDomain) {
    this.point = point;
    this.live = point.live;
    this.goals = goals;
    this.rows = rows;
    const free = (i) => !point.locked[i] && point.ranges[i].high > point.ranges[i].low;
    const indices = this.live.inputs.map((_, i) => i).filter(free);
    this.numbers = indices.filter((i) => this.live.inputs[i].kind !== "words");
    this.words = indices.filter((i) => this.live.inputs[i].kind === "words");
    this.insideDomain = insideDomain && this.live.domainScore(point.row()) !== null;
  }

  // Yields the share of work done, and returns {settings, value, feasible}: run to the end, in pieces, by `finish`.
  *run() {
    const starts = this.starts();
    if (!starts.length) return { settings: this.point.settings.slice(), value: NaN, feasible: false };
    let best = null;
    for (let k = 0; k < starts.length; k++) {
      let found = yield* this.ascend(starts[k]);
      yield (k + 0.5) / (starts.length + 1);
      found = yield* this.searchInputs(found, best ? 1e-3 : 1e-4);
      if (!best || found.value > best.value) best = found;
      yield (k + 1) / (starts.length + 1);
    }
    best = yield* this.searchInputs(yield* this.ascend(best.settings), LAST_REACH);
    return { ...best, feasible: true };
  }

  // The goals' sum at one row of predictions, `y` from `offset`.
  objective(y, offset) {
    let sum = 0;
    for (const { output, kind, value, scale } of this.goals) {
      const prediction = y[offset + output];
      if (kind === "target") sum -= ((prediction - value) / scale) ** 2;
      else sum += ((kind === "maximise" ? 1 : -1) * prediction) / scale;
    }
    return sum;
  }

  values(list) {
    const { p, m } = this.live;
    const X = new Float64Array(list.length * p);
    list.forEach((settings, k) => X.set(this.live.row(settings), k * p));
    const y = this.live.predict(X, list.length);
    return list.map((_, k) => this.objective(y, k * m));
  }

  allowed(settings) {
    return !this.insideDomain || this.live.domainScore(this.live.row(settings)) <= 1;
  }

  // The best allowed of several settings, or null where none is better than `value`.
  bestOf(list, value) {
    const values = this.values(list);
    const order = list.map((_, k) => k).filter((k) => values[k] > value);
    order.sort((a, b) => values[b] - values[a] || a - b);
    const found = order.find((k) => this.allowed(list[k]));
    return found === undefined ? null : { settings: list[found], value: values[found], place: found };
  }

  // The current point and the best few of training rows and points spread over the ranges, locked inputs as they are.
  starts() {
    const current = this.clipped(this.point.settings);
    const others = this.rowStarts().concat(this.spreadPoints());
    const values = others.length ? this.values(others) : [];
    const order = others.map((_, k) => k).sort((a, b) => values[b] - values[a] || a - b);
    const chosen = this.allowed(current) ? [current] : [];
    for (const k of order) {
      if (chosen.length > STARTS) break;
      if (Number.isFinite(values[k]) && this.allowed(others[k])) chosen.push(others[k]);
    }
    return chosen;
  }

  rowStarts() {
    if (!this.rows) return [];
    const count = this.rows.inputs.shape[0];
    const stride = Math.max(1, Math.ceil(count / ROW_STARTS));
    const starts = [];
    for (let row = 0; row < count; row += stride) {
      const settings = settingsOfRow(this.live, this.rows, row);
      if (settings.every(Number.isFinite)) starts.push(this.clipped(settings));
    }
    return starts;
  }

  // An additive recurrence with square roots of primes: even over the box, and the same every time.
  spreadPoints() {
    const points = [];
    for (let k = 1; k <= SPREAD_POINTS; k++) {
      const settings = this.point.settings.slice();
      [...this.numbers, ...this.words].forEach((i, place) => {
        const share = (0.5 + k * Math.sqrt(nthPrime(place))) % 1;
        const { low, high } = this.point.ranges[i];
        const word = this.live.inputs[i].kind === "words";
        settings[i] = word ? Math.floor(share * (high + 1)) : low + share * (high - low);
      });
      points.push(this.clipped(settings));
    }
    return points;
  }

  // Free inputs within their ranges, the others as the current point has them.
  clipped(settings) {
    const result = this.point.settings.slice();
    for (const i of [...this.numbers, ...this.words]) {
      const { low, high } = this.point.ranges[i];
      result[i] = Math.min(high, Math.max(low, this.point.filled(i, settings)));
    }
    return result;
  }

  moved(settings, direction, length) {
    const result = settings.slice();
    this.numbers.forEach((i, k) => {
      const { low, high } = this.point.ranges[i];
      result[i] = Math.min(high, Math.max(low, settings[i] + length * direction[k] * (high - low)));
    });
    return result;
  }

  // The objective and its gradient in unit coordinates.
  gradient(settings) {
    const { y, slopes } = this.live.jacobian(this.live.row(settings));
    const gradient = new Float64Array(this.numbers.length);
    for (const { output, kind, value, scale } of this.goals) {
      const sign = kind === "minimise" ? -1 : 1;
      const weight = kind === "target" ? (-2 * (y[output] - value)) / scale ** 2 : sign / scale;
      this.numbers.forEach((i, k) => {
        const { low, high } = this.point.ranges[i];
        const slope = slopes[output * this.live.p + this.live.inputs[i].columns[0]];
        gradient[k] += weight * slope * (high - low);
      });
    }
    return { value: this.objective(y, 0), gradient };
  }

  // Zero where a step would leave the range.
  projected(settings, direction) {
    return direction.map((entry, k) => {
      const { low, high } = this.point.ranges[this.numbers[k]];
      const value = settings[this.numbers[k]];
      return (value <= low && entry < 0) || (value >= high && entry > 0) ? 0 : entry;
    });
  }

  *ascend(settings) {
    let { value, gradient } = this.gradient(settings);
    let pairs = [];
    for (let step = 0; step < ASCENT_STEPS && this.numbers.length; step++) {
      const uphill = this.projected(settings, gradient);
      const steepness = norm(uphill);
      if (!(steepness > 1e-12)) break;
      let direction = this.projected(settings, quasiNewton(gradient, pairs));
      if (!pairs.length || dot(direction, uphill) <= 1e-12 * steepness * norm(direction)) {
        pairs = [];
        direction = uphill.map((entry) => (0.1 * entry) / steepness);
      }
      const better = this.bestOf(LENGTHS.map((length) => this.moved(settings, direction, length)), value);
      if (!better) {
        if (!pairs.length) break;
        pairs = [];
        continue;
      }
      const next = this.gradient(better.settings);
      const change = this.difference(better.settings, settings);
      const bend = gradient.map((entry, k) => entry - next.gradient[k]);
      if (dot(change, bend) > 1e-14) pairs = [...pairs, { change, bend }].slice(-MEMORY);
      const gain = better.value - value;
      ({ value, gradient } = next);
      settings = better.settings;
      yield null;
      if (gain <= 1e-12 * (1 + Math.abs(value))) break;
    }
    return { settings, value };
  }

  difference(to, from) {
    return Float64Array.from(this.numbers, (i) => {
      const { low, high } = this.point.ranges[i];
      return (to[i] - from[i]) / (high - low);
    });
  }

  // Moves along one input at a time, and to other levels of words, by ever smaller steps.
  *searchInputs({ settings, value }, lastReach) {
    let reach = FIRST_REACH;
    while (reach >= lastReach) {
      const list = [];
      this.numbers.forEach((i, k) => {
        const axis = this.numbers.map((_, other) => (other === k ? 1 : 0));
        list.push(this.moved(settings, axis, reach), this.moved(settings, axis, -reach));
      });
      for (const i of this.words) {
        this.live.inputs[i].levels.forEach((_, level) => {
          if (level !== settings[i]) list.push(settings.map((entry, k) => (k === i ? level : entry)));
        });
      }
      const better = list.length ? this.bestOf(list, value + 1e-14 * Math.abs(value)) : null;
      if (better) ({ settings, value } = better);
      else reach /= 2;
      yield null;
    }
    return { settings, value };
  }
}

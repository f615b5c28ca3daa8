"use strict";

// The model that runs in the page: `report.model` in, predictions, exact slopes, intervals and the domain out. Rows X are
// completed numbers (n, p), row by row; outputs are (n, m).

const MOST_ROWS = 64; // of a block: its layers stay in the cache
const MOST_OUTPUTS = 2 ** 18; // of all members for a block

const WITH_CORNERS = new Set(["relu", "leaky_relu"]);

// Whether slopes jump: where inputs are cut into bins, or activations have corners.
function hasCorners(steps) {
  return steps.some(({ kind, name, branches }) => kind === "encode" || WITH_CORNERS.has(name) || (branches || []).some(hasCorners));
}

class LiveModel {
  constructor(held) {
    this.inputs = held.inputs;
    this.outputs = held.outputs;
    this.ofClasses = Boolean(held.of_classes);
    this.p = held.columns;
    this.m = held.outputs.length;
    this.members = held.members;
    this.membersHeld = held.members_held;
    const mean = held.steps.find((step) => step.kind === "mean");
    this.weights = mean ? decodedArray(mean.weights) : Float64Array.of(1);
    this.hasCorners = hasCorners(held.steps);
    this.branches = (mean ? mean.branches : [held.steps]).map((steps) => new Branch(steps, this.p));
    this.blockRows = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_OUTPUTS / (this.m * this.branches.length))));
    const widest = Math.max(...this.branches.map((branch) => branch.widest));
    this.scratch = {
      one: new Float64Array(this.blockRows * widest),
      two: new Float64Array(this.blockRows * widest),
      outputs: new Float64Array(this.blockRows * this.m),
    };
    this.intervals = intervalsOf(held.interval, this);
    this.coverages = this.intervals ? this.intervals.coverages : [];
    this.domain = held.domain ? new Domain(held.domain, this.p) : null;
  }

  // The completed row (p) for one value an input: a number, NaN or null for one that is missing, or a level's place.
  row(settings) {
    const x = new Float64Array(this.p);
    this.inputs.forEach((input, i) => {
      const value = settings[i], column = input.columns[0];
      if (input.kind === "words") {
        if (value >= 0 && value < input.columns.length) x[input.columns[value]] = 1;
      } else if (input.median !== undefined && (value === null || Number.isNaN(value))) {
        x[column] = input.median;
        if (input.told !== null) x[input.told] = 1;
      } else {
        x[column] = value;
      }
    });
    return x;
  }

  // The settings to begin with.
  start() {
    return this.inputs.map((input) => input.start);
  }

  // The outputs for the first n rows of X; `plain` leaves transforms of targets as they are. Of every block of rows
  // `watch`, if given, gets its start, how many they are, and every member's outputs.
  predict(X, n, watch = null, plain = false) {
    const y = new Float64Array(n * this.m);
    for (let start = 0; start < n; start += this.blockRows) {
      const rows = Math.min(this.blockRows, n - start), ofMembers = [];
      this.branches.forEach((branch, b) => {
        branch.forward(X, start, rows, this.scratch, plain);
        addMultiple(this.scratch.outputs, 0, rows * this.m, this.weights[b], y, start * this.m);
        if (watch) ofMembers.push(this.scratch.outputs.slice(0, rows * this.m));
      });
      if (watch) watch(start, rows, ofMembers);
    }
    return y;
  }

  // {y (m), slopes (m, p)} at one row: slopes[j * p + c] is the exact derivative of output j with respect to number c.
  jacobian(x) {
    const y = new Float64Array(this.m), slopes = new Float64Array(this.m * this.p);
    this.branches.forEach((branch, b) => {
      const found = branch.jacobian(x);
      addMultiple(found.y, 0, this.m, this.weights[b], y, 0);
      addMultiple(found.slopes, 0, slopes.length, this.weights[b], slopes, 0);
    });
    return { y, slopes };
  }

  // {y, lower, upper} (n, m) each, of the intervals of one of `coverages`; null where the page holds none.
  interval(X, n, coverage) {
    return this.coverages.includes(coverage) ? this.intervals.of(X, n, coverage) : null;
  }

  // How far outside the training inputs a row lies, above 1 outside; null where the page does not know.
  domainScore(x) {
    return this.domain ? this.domain.score(x) : null;
  }

  // The place among `inputs` of that which takes a row furthest outside; -1 where the page does not know.
  worstInput(x) {
    if (!this.domain) return -1;
    const column = this.domain.worstColumn(x);
    return this.inputs.findIndex((input) => input.columns.includes(column) || input.told === column);
  }
}

function intervalsOf(held, live) {
  if (!held) return null;
  return held.kind === "laplace" ? new NormalIntervals(held, live) : new ConformalIntervals(held, live);
}

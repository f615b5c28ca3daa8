"use strict";

// Intervals of new targets around the model's predictions: {y, lower, upper}, (n, m) each, for rows X (n, p).

// Of an ensemble, from residuals of rows that its members did not see: ends are multiples of a row's unit, which is 1 or
// hypot(factor * spread, floor), spread being the mean over groups of members of the outputs' standard deviation.
class ConformalIntervals {
  constructor(held, live) {
    this.live = live;
    this.coverages = held.coverages;
    this.lower = decodedArray(held.lower);
    this.upper = decodedArray(held.upper);
    this.floors = decodedArray(held.floors);
    this.factors = decodedArray(held.factors);
    this.groups = held.groups;
    this.normalised = this.floors.some((floor) => floor < Infinity);
  }

  of(X, n, coverage) {
    const { live, lower, upper } = this, m = live.m;
    const from = this.coverages.indexOf(coverage) * m;
    const ends = { y: null, lower: new Float64Array(n * m), upper: new Float64Array(n * m) };
    const units = this.normalised ? new Float64Array(n * m) : null;
    ends.y = live.predict(X, n, units && ((start, rows, outputs) => this.addUnits(start, rows, outputs, units)));
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < m; j++, at++) {
        const unit = units ? units[at] : 1;
        ends.lower[at] = ends.y[at] + unit * lower[from + j];
        ends.upper[at] = ends.y[at] + unit * upper[from + j];
      }
    }
    return ends;
  }

  // The units of some rows from `start` on, from the members' outputs there.
  addUnits(start, rows, outputs, units) {
    const m = this.live.m, count = rows * m, first = start * m;
    for (const group of this.groups) {
      for (let at = 0; at < count; at++) units[first + at] += spreadOf(group, outputs, at) / this.groups.length;
    }
    for (let at = 0; at < count; at++) {
      const j = at % m, floor = this.floors[j];
      units[first + at] = floor < Infinity ? Math.hypot(this.factors[j] * units[first + at], floor) : 1;
    }
  }
}

// The weighted standard deviation of what the members of a group have at one place.
function spreadOf({ members, weights }, outputs, at) {
  let mean = 0, square = 0;
  for (let i = 0; i < members.length; i++) mean += weights[i] * outputs[members[i]][at];
  for (let i = 0; i < members.length; i++) square += weights[i] * (outputs[members[i]][at] - mean) ** 2;
  return Math.sqrt(square);
}

// Of one network with error bars: so many standard deviations around it, brought back where targets were transformed.
class NormalIntervals {
  constructor(held, live) {
    this.live = live;
    this.coverages = held.coverages;
    this.multiples = decodedArray(held.multiples);
    this.errors = new LaplaceErrors(held, live.branches[0]);
  }

  of(X, n, coverage) {
    const { live, errors } = this, m = live.m, bounds = live.branches[0].bounds;
    const width = this.multiples[this.coverages.indexOf(coverage)];
    const lower = live.predict(X, n, null, true), upper = Float64Array.from(lower);
    for (let i = 0; i < n; i++) {
      const deviations = errors.deviations(X.subarray(i * live.p, (i + 1) * live.p));
      for (let j = 0; j < m; j++) {
        lower[i * m + j] -= width * deviations[j];
        upper[i * m + j] += width * deviations[j];
      }
    }
    exponentiate(lower, n, bounds);
    exponentiate(upper, n, bounds);
    return { y: live.predict(X, n), lower, upper };
  }
}

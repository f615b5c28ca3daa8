"use strict";

// The domain: how far outside the training inputs a row is, above 1 outside. By numbers and by sums of groups, the
// distance from the middle of the range over half of it; and the mean distance from the nearest references over a threshold.

const BARELY_OUTSIDE = 1 + Number.EPSILON;

class Domain {
  constructor(held, columns) {
    this.columns = columns;
    this.groups = held.groups;
    const ranges = decodedArray(held.ranges);
    this.low = ranges.subarray(0, ranges.length / 2);
    this.high = ranges.subarray(ranges.length / 2);
    this.references = held.references && decodedArray(held.references);
    if (this.references) {
      this.shift = decodedArray(held.shift);
      this.scale = decodedArray(held.scale);
      this.threshold = held.threshold;
      this.neighbours = held.neighbours;
    }
  }

  score(x) {
    return Math.min(Math.max(this.beyond(x).most, this.references ? this.distance(x) : 0), Number.MAX_VALUE);
  }

  // Which number takes a row furthest outside: of a group the first; by distance, where it is within all ranges.
  worstColumn(x) {
    const { most, place } = this.beyond(x);
    if (most > 1 || !this.references) return place < this.columns ? place : this.groups.indexOf(place - this.columns);
    const p = this.columns, squares = this.squaredDistances(x), z = this.standardised(x);
    const nearest = squares.indexOf(squares.reduce((least, each) => Math.min(least, each), Infinity));
    let worst = 0, furthest = -1;
    for (let c = 0; c < p; c++) {
      const away = Math.abs(z[c] - this.references[nearest * p + c]);
      if (away > furthest) [worst, furthest] = [c, away];
    }
    return worst;
  }

  // The largest of the distances from the middle of the ranges, 1 at their ends, and whose it is.
  beyond(x) {
    let most = -1, place = 0;
    for (let c = 0; c < this.low.length; c++) {
      const value = c < this.columns ? x[c] : this.sum(x, c - this.columns);
      const away = beyondRange(value, this.low[c], this.high[c], c < this.columns && this.groups[c] >= 0);
      if (away > most) [most, place] = [away, c];
    }
    return { most, place };
  }

  sum(x, group) {
    let sum = 0;
    for (let c = 0; c < this.columns; c++) {
      if (this.groups[c] === group) sum += x[c];
    }
    return sum;
  }

  standardised(x) {
    return x.map((value, c) => (value - this.shift[c]) / this.scale[c]);
  }

  squaredDistances(x) {
    const p = this.columns, z = this.standardised(x), found = new Float64Array(this.references.length / p);
    for (let r = 0, at = 0; r < found.length; r++) {
      let sum = 0;
      for (let c = 0; c < p; c++, at++) sum += (z[c] - this.references[at]) ** 2;
      found[r] = sum;
    }
    return found;
  }

  distance(x) {
    const squares = this.squaredDistances(x).sort();
    let sum = 0;
    for (let k = 0; k < this.neighbours; k++) sum += Math.sqrt(squares[k]);
    return sum / this.neighbours / this.threshold;
  }
}

// A level, a number of a group, is 0 inside: it is either end of its range.
function beyondRange(value, low, high, level) {
  const middle = low / 2 + high / 2, half = high / 2 - low / 2, flat = half === 0;
  const unit = flat ? (middle === 0 ? 1 : Math.abs(middle)) : half;
  const beyond = Math.abs(value - middle) / unit;
  if (low <= value && value <= high) return level ? 0 : Math.min(beyond, 1);
  return Math.max(beyond + (flat ? 1 : 0), BARELY_OUTSIDE);
}

"use strict";

// The first layer with what comes before it, scaling or encoding: z = sum of what inputs and projections contribute, + b.
// Both are terms: input c is term c, projection i is term p + i. Rows that differ from an earlier one in a few terms, as
// along a curve, are that one's z with the differences.

class FirstLayer {
  constructor(front, dense, columns) {
    this.dense = dense;
    this.columns = columns;
    this.encoding = front && front.kind === "encode" ? new Pieces(front, dense) : null;
    this.projections = new Projections(front && front.projections, columns);
    this.terms = columns + this.projections.count;
    this.shift = front ? decodedArray(front.shift) : null;
    this.scale = front ? decodedArray(front.scale) : null;
    this.limit = front ? front.limit : null;
    this.changed = new Int32Array(this.terms);
    this.left = []; // the terms that `rest` lacks
    this.rest = new Float64Array(dense.outputs); // z of the base row without them
  }

  // z (n, outputs) for the rows of X from `start` on.
  forward(X, start, n, z) {
    const { columns, terms } = this, outputs = this.dense.outputs;
    let base = -1, baseAt = 0;
    for (let i = 0; i < n; i++) {
      const row = (start + i) * columns, into = i * outputs;
      const count = base < 0 ? terms : this.differences(X, row, base);
      if (count > 0 && 2 * count < terms) {
        if (!this.lacksChanged(count)) this.leaveOut(count, X, base, z, baseAt);
        this.contribute(this.changed[0], X, row, 1, this.rest, 0, z, into);
        for (let q = 1; q < count; q++) this.contribute(this.changed[q], X, row, 1, z, into, z, into);
      } else {
        [base, baseAt] = [row, into];
        this.left.length = 0;
        z.set(this.dense.biases, into);
        for (let term = 0; term < terms; term++) this.contribute(term, X, row, 1, z, into, z, into);
      }
    }
  }

  // In how many terms two rows of X differ; `changed` holds them. An input that moves moves every projection it is in.
  differences(X, row, other) {
    let count = 0;
    for (let c = 0; c < this.columns; c++) {
      if (X[row + c] !== X[other + c]) this.changed[count++] = c;
    }
    if (count === 0) return 0;
    for (let i = 0; i < this.projections.count; i++) {
      if (this.projections.differs(i, X, row, other)) this.changed[count++] = this.columns + i;
    }
    return count;
  }

  // Whether the terms that `rest` lacks are those that changed.
  lacksChanged(count) {
    if (this.left.length !== count) return false;
    for (let q = 0; q < count; q++) {
      if (this.left[q] !== this.changed[q]) return false;
    }
    return true;
  }

  // Makes `rest` of the base row's z.
  leaveOut(count, X, base, z, baseAt) {
    const { rest } = this;
    rest.set(z.subarray(baseAt, baseAt + rest.length));
    this.left.length = 0;
    for (let q = 0; q < count; q++) {
      this.left.push(this.changed[q]);
      this.contribute(this.changed[q], X, base, -1, rest, 0, rest, 0);
    }
  }

  // Writes to z, from `into` on, the numbers from `at` on and what a term contributes for a row of X, so many times.
  contribute(term, X, row, times, numbers, at, z, into) {
    const outputs = this.dense.outputs, projected = term >= this.columns;
    const x = projected ? this.projections.value(term - this.columns, X, row, this) : X[row + term];
    const scaled = times * (projected ? x : this.scaled(term, x));
    if (this.encoding) {
      this.encoding.contribute(term, x, scaled, times, numbers, at, z, into);
      return;
    }
    const weights = this.dense.weights, w = term * outputs;
    for (let k = 0; k < outputs; k++) z[into + k] = numbers[at + k] + scaled * weights[w + k];
  }

  scaled(c, x) {
    if (!this.scale) return x;
    const z = (x - this.shift[c]) / this.scale[c];
    if (this.limit === null) return z;
    const u = z / this.limit;
    return Math.abs(u) > 1e9 ? Math.sign(u) * this.limit : z / Math.sqrt(1 + u * u);
  }

  // dz/dx_c (outputs) at the row x, written to `row` from `into` on.
  slopes(c, x, row, into) {
    const outputs = this.dense.outputs;
    row.fill(0, into, into + outputs);
    let slope = 1;
    if (this.scale) {
      slope = 1 / this.scale[c];
      if (this.limit !== null) {
        const u = (x[c] - this.shift[c]) / this.scale[c] / this.limit;
        slope *= Math.pow(1 + u * u, -1.5);
      }
    }
    if (!this.encoding) {
      addMultiple(this.dense.weights, c * outputs, outputs, slope, row, into);
      return;
    }
    this.encoding.addSlopes(c, x[c], slope, 1, row, into);
    for (const { projection, coefficient } of this.projections.withInput[c]) {
      const u = this.projections.value(projection, x, 0, this), moved = coefficient * slope;
      this.encoding.addSlopes(this.columns + projection, u, moved, moved, row, into);
    }
  }
}

function addMultiple(source, from, count, factor, target, into) {
  for (let k = 0; k < count; k++) target[into + k] += factor * source[from + k];
}

// Pieces of encoded inputs and projections: those below x count whole, that which holds it by its share; `sums` adds up
// their weights. What is cut is numbered as the terms are.
class Pieces {
  constructor(front, dense) {
    this.weights = dense.weights;
    this.outputs = dense.outputs;
    this.edges = decodedArray(front.edges);
    this.counts = front.counts;
    this.firstEdge = [];
    this.firstFeature = [];
    let edge = 0, feature = 0;
    for (const count of front.counts) {
      this.firstEdge.push(edge);
      this.firstFeature.push(feature);
      edge += count;
      feature += 1 + Math.max(0, count - 1);
    }
    this.sums = new Float64Array(dense.weights.length);
    for (let c = 0; c < front.counts.length; c++) this.sumUp(c);
  }

  // Row f of `sums` holds the sum of the weights of the pieces before f of the same term.
  sumUp(c) {
    const outputs = this.outputs, first = this.firstFeature[c] + 1;
    for (let t = 1; t < this.counts[c] - 1; t++) {
      const at = (first + t) * outputs;
      for (let k = 0; k < outputs; k++) this.sums[at + k] = this.sums[at - outputs + k] + this.weights[at - outputs + k];
    }
  }

  // Which piece of term c holds x, from 0; an edge belongs to the piece above it or, if `below`, to that below.
  pieceOf(c, x, below) {
    const first = this.firstEdge[c];
    let low = 0, high = this.counts[c] - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1, edge = this.edges[first + middle];
      if (below ? x > edge : x >= edge) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  // As the layer's, the scaled value given.
  contribute(c, x, scaled, times, numbers, at, z, into) {
    const { outputs, weights, sums } = this, feature = this.firstFeature[c], own = feature * outputs;
    if (this.counts[c] === 0) {
      for (let k = 0; k < outputs; k++) z[into + k] = numbers[at + k] + scaled * weights[own + k];
      return;
    }
    const t = this.pieceOf(c, x, false), edge = this.firstEdge[c] + t, piece = (feature + 1 + t) * outputs;
    const share = times * (x - this.edges[edge]) / (this.edges[edge + 1] - this.edges[edge]);
    for (let k = 0; k < outputs; k++) {
      z[into + k] = numbers[at + k] + (scaled * weights[own + k] + times * sums[piece + k] + share * weights[piece + k]);
    }
  }

  // Adds what term c of value x does to dz where its scaled value moves by `slope`, and it itself by `moved`.
  addSlopes(c, x, slope, moved, row, into) {
    const outputs = this.outputs, feature = this.firstFeature[c];
    addMultiple(this.weights, feature * outputs, outputs, slope, row, into);
    if (this.counts[c] === 0) return;
    const t = this.pieceOf(c, x, true), edge = this.firstEdge[c] + t;
    const width = this.edges[edge + 1] - this.edges[edge];
    addMultiple(this.weights, (feature + 1 + t) * outputs, outputs, moved / width, row, into);
  }
}

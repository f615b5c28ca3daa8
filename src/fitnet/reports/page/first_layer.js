"use strict";

// The first layer with what comes before it, scaling or encoding: z = sum over inputs c of what x_c contributes, + b.
// Rows that differ from an earlier one in a few inputs, as along a curve, are that one's z with the differences.

class FirstLayer {
  constructor(front, dense, columns) {
    this.dense = dense;
    this.columns = columns;
    this.encoding = front && front.kind === "encode" ? new Pieces(front, dense) : null;
    this.shift = front ? decodedArray(front.shift) : null;
    this.scale = front ? decodedArray(front.scale) : null;
    this.limit = front ? front.limit : null;
    this.changed = new Int32Array(columns);
    this.left = []; // the inputs that `rest` lacks
    this.rest = new Float64Array(dense.outputs); // z of the base row without them
  }

  // z (n, outputs) for the rows of X from `start` on.
  forward(X, start, n, z) {
    const p = this.columns, outputs = this.dense.outputs;
    let base = -1, baseAt = 0;
    for (let i = 0; i < n; i++) {
      const row = (start + i) * p, into = i * outputs;
      const count = base < 0 ? p : this.differences(X, row, base);
      if (count > 0 && 2 * count < p) {
        if (!this.lacksChanged(count)) this.leaveOut(count, X, base, z, baseAt);
        this.contribute(this.changed[0], X[row + this.changed[0]], 1, this.rest, 0, z, into);
        for (let q = 1; q < count; q++) this.contribute(this.changed[q], X[row + this.changed[q]], 1, z, into, z, into);
      } else {
        [base, baseAt] = [row, into];
        this.left.length = 0;
        z.set(this.dense.biases, into);
        for (let c = 0; c < p; c++) this.contribute(c, X[row + c], 1, z, into, z, into);
      }
    }
  }

  // In how many inputs two rows of X differ; `changed` holds them.
  differences(X, row, other) {
    let count = 0;
    for (let c = 0; c < this.columns; c++) {
      if (X[row + c] !== X[other + c]) this.changed[count++] = c;
    }
    return count;
  }

  // Whether the inputs that `rest` lacks are those that changed.
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
      const c = this.changed[q];
      this.left.push(c);
      this.contribute(c, X[base + c], -1, rest, 0, rest, 0);
    }
  }

  // Writes to z, from `into` on, the numbers from `at` on and what x of input c contributes, so many times.
  contribute(c, x, times, numbers, at, z, into) {
    const outputs = this.dense.outputs, scaled = times * this.scaled(c, x);
    if (this.encoding) {
      this.encoding.contribute(c, x, scaled, times, numbers, at, z, into);
      return;
    }
    const weights = this.dense.weights, w = c * outputs;
    for (let k = 0; k < outputs; k++) z[into + k] = numbers[at + k] + scaled * weights[w + k];
  }

  scaled(c, x) {
    if (!this.scale) return x;
    const z = (x - this.shift[c]) / this.scale[c];
    if (this.limit === null) return z;
    const u = z / this.limit;
    return Math.abs(u) > 1e9 ? Math.sign(u) * this.limit : z / Math.sqrt(1 + u * u);
  }

  // dz/dx_c (outputs) at x, written to `row` from `into` on.
  slopes(c, x, row, into) {
    const outputs = this.dense.outputs;
    row.fill(0, into, into + outputs);
    let slope = 1;
    if (this.scale) {
      slope = 1 / this.scale[c];
      if (this.limit !== null) {
        const u = (x - this.shift[c]) / this.scale[c] / this.limit;
        slope *= Math.pow(1 + u * u, -1.5);
      }
    }
    if (this.encoding) this.encoding.addSlopes(c, x, slope, row, into);
    else addMultiple(this.dense.weights, c * outputs, outputs, slope, row, into);
  }
}

function addMultiple(source, from, count, factor, target, into) {
  for (let k = 0; k < count; k++) target[into + k] += factor * source[from + k];
}

// Pieces of encoded inputs: those below x count whole, that which holds it by its share; `sums` adds up their weights.
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

  // Row f of `sums` holds the sum of the weights of the pieces before f of the same input.
  sumUp(c) {
    const outputs = this.outputs, first = this.firstFeature[c] + 1;
    for (let t = 1; t < this.counts[c] - 1; t++) {
      const at = (first + t) * outputs;
      for (let k = 0; k < outputs; k++) this.sums[at + k] = this.sums[at - outputs + k] + this.weights[at - outputs + k];
    }
  }

  // Which piece of input c holds x, from 0; an edge belongs to the piece above it or, if `below`, to that below.
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

  addSlopes(c, x, slope, row, into) {
    const outputs = this.outputs, feature = this.firstFeature[c];
    addMultiple(this.weights, feature * outputs, outputs, slope, row, into);
    if (this.counts[c] === 0) return;
    const t = this.pieceOf(c, x, true), edge = this.firstEdge[c] + t;
    const width = this.edges[edge + 1] - this.edges[edge];
    addMultiple(this.weights, (feature + 1 + t) * outputs, outputs, 1 / width, row, into);
  }
}

"use strict";

// Error bars of one network by Laplace's approximation: the variance of outputs is variance |L^-1 J^T|^2 and the noise's,
// J being the outputs' derivatives with respect to the parameters (m, P), L the factor, lower and row by row.

class LaplaceErrors {
  constructor(held, branch) {
    this.branch = branch;
    this.factor = decodedArray(held.factor);
    this.variance = held.variance;
    this.noise = decodedArray(held.noise);
    this.unused = new Set(held.unused);
    this.parameters = branch.layers.reduce((sum, layer) => sum + (layer.inputs + 1) * layer.outputs, 0);
  }

  // The standard deviations (m) of new targets of weight 1 at one row, or of their transforms, in the targets' units.
  deviations(x) {
    const m = this.branch.outputs, found = new Float64Array(m);
    const traced = this.branch.trace(x), deltas = this.branch.deltas(traced), inputs = this.scaledInputs(x);
    for (let j = 0; j < m; j++) {
      if (this.noise[j] === 0) continue;
      const row = this.parameterSlopes(j, inputs, traced, deltas);
      const deviation = Math.sqrt(this.variance * this.whitened(row) + this.noise[j]);
      found[j] = this.branch.scale ? deviation * this.branch.scale[j] : deviation;
    }
    return found;
  }

  // What the network sees of a row; 0 where an input has no effect.
  scaledInputs(x) {
    return x.map((value, c) => (this.unused.has(c) ? 0 : this.branch.first.scaled(c, value)));
  }

  // dy_j/dparameters (P), layer by layer: weights (inputs, outputs), then biases.
  parameterSlopes(j, inputs, traced, deltas) {
    const row = new Float64Array(this.parameters);
    let at = 0;
    this.branch.layers.forEach((layer, l) => {
      const before = l === 0 ? inputs : traced[l - 1].a, start = j * layer.outputs;
      for (let i = 0; i <= layer.inputs; i++) {
        const factor = i < layer.inputs ? before[i] : 1;
        for (let k = 0; k < layer.outputs; k++) row[at++] = factor * deltas[l][start + k];
      }
    });
    return row;
  }

  // |L^-1 v|^2; v is changed.
  whitened(v) {
    const { factor } = this;
    let sum = 0;
    for (let i = 0, row = 0; i < v.length; row += ++i) {
      let rest = v[i];
      for (let q = 0; q < i; q++) rest -= factor[row + q] * v[q];
      v[i] = rest / factor[row + i];
      sum += v[i] * v[i];
    }
    return sum;
  }
}

"use strict";

// The steps of one network, from completed rows X (n, p) to outputs (n, m): scaling or encoding, layers, and back,
// or of classes to probabilities.

class Branch {
  constructor(steps, columns) {
    this.columns = columns;
    const front = steps.find((step) => step.kind === "scale" || step.kind === "encode") || null;
    const layers = steps.filter((step) => step.kind === "dense").map((step) => activatedLayer(steps, step));
    this.first = new FirstLayer(front, layers[0], columns);
    this.layers = layers;
    const unscale = steps.find((step) => step.kind === "unscale");
    const exponentiate = steps.find((step) => step.kind === "exponentiate");
    this.shift = unscale ? decodedArray(unscale.shift) : null;
    this.scale = unscale ? decodedArray(unscale.scale) : null;
    this.bounds = exponentiate ? decodedArray(exponentiate.bounds) : null;
    this.logits = layers[layers.length - 1].outputs;
    this.softmax = steps.some((step) => step.kind === "softmax");
    this.outputs = this.softmax ? Math.max(2, this.logits) : this.logits;
    this.widest = Math.max(...layers.map((layer) => layer.outputs));
  }

  // The outputs for n rows of X from `start` on, in `scratch.outputs`, before a transform is undone if `plain`.
  forward(X, start, n, scratch, plain = false) {
    let z = scratch.one, other = scratch.two;
    this.first.forward(X, start, n, z);
    for (let l = 0; l < this.layers.length; l++) {
      const layer = this.layers[l];
      if (l > 0) {
        layer.forward(z, n, other);
        const filled = other;
        other = z;
        z = filled;
      }
      layer.activation.value(z, z, n * layer.outputs);
    }
    scratch.outputs.set(z.subarray(0, n * this.logits));
    this.unscale(scratch.outputs, n);
    if (!plain) exponentiate(scratch.outputs, n, this.bounds);
    if (this.softmax) softmax(scratch.outputs, n, this.logits);
  }

  unscale(y, n) {
    if (!this.scale) return;
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < this.logits; j++, at++) y[at] = y[at] * this.scale[j] + this.shift[j];
    }
  }

  // Of every layer z and a at one row, the last layer's outputs included.
  trace(x) {
    const traced = [];
    let before = null;
    this.layers.forEach((layer, l) => {
      const z = new Float64Array(layer.outputs), a = new Float64Array(layer.outputs);
      if (l === 0) this.first.forward(x, 0, 1, z);
      else layer.forward(before, 1, z);
      layer.activation.value(z, a, layer.outputs);
      traced.push({ z, a });
      before = a;
    });
    return traced;
  }

  // {y (m), slopes (m, p)} at one row, exactly: forward where there are fewer inputs than outputs, else back.
  jacobian(x) {
    const traced = this.trace(x), m = this.logits, p = this.columns;
    const slopes = p < m ? this.slopesForward(x, traced) : this.slopesBack(x, traced);
    const y = Float64Array.from(traced[traced.length - 1].a);
    this.unscale(y, 1);
    for (let j = 0; j < m; j++) {
      let factor = this.scale ? this.scale[j] : 1;
      if (this.bounds && this.bounds[j] > -Infinity) factor *= Math.min(Math.exp(y[j]), Number.MAX_VALUE);
      for (let c = 0; c < p; c++) slopes[j * p + c] *= factor;
    }
    exponentiate(y, 1, this.bounds);
    return this.softmax ? probabilitySlopes(y, slopes, p) : { y, slopes };
  }

  slopesForward(x, traced) {
    const p = this.columns, m = this.logits;
    let tangents = new Float64Array(p * this.layers[0].outputs);
    for (let c = 0; c < p; c++) this.first.slopes(c, x, tangents, c * this.layers[0].outputs);
    this.layers.forEach((layer, l) => {
      if (l > 0) {
        const product = new Float64Array(p * layer.outputs);
        layer.product(tangents, p, product);
        tangents = product;
      }
      timesSlopes(tangents, p, layer, traced[l]);
    });
    return transposedMatrix(tangents, p, m);
  }

  slopesBack(x, traced) {
    const p = this.columns, m = this.logits, found = new Float64Array(m * p);
    const deltas = this.deltas(traced), delta = deltas[0], outputs = this.layers[0].outputs;
    const row = new Float64Array(outputs);
    for (let c = 0; c < p; c++) {
      this.first.slopes(c, x, row, 0);
      for (let j = 0; j < m; j++) {
        let sum = 0;
        for (let k = 0; k < outputs; k++) sum += row[k] * delta[j * outputs + k];
        found[j * p + c] = sum;
      }
    }
    return found;
  }

  // Of every layer dy/dz (m, outputs), y being what the network gives.
  deltas(traced) {
    const m = this.logits, found = new Array(this.layers.length);
    let delta = new Float64Array(m * m);
    for (let j = 0; j < m; j++) delta[j * m + j] = 1;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      timesSlopes(delta, m, this.layers[l], traced[l]);
      found[l] = delta;
      if (l > 0) {
        const before = new Float64Array(m * this.layers[l].inputs);
        this.layers[l].backward(delta, m, before);
        delta = before;
      }
    }
    return found;
  }
}

// A dense layer with the activation that follows it.
function activatedLayer(steps, step) {
  const next = steps[steps.indexOf(step) + 1];
  const name = next && next.kind === "activate" ? next.name : "identity";
  return new DenseLayer(decodedArray(step.weights), decodedArray(step.biases), name);
}

// Multiplies every one of n rows (n, outputs) by da/dz.
function timesSlopes(rows, n, layer, { z, a }) {
  for (let k = 0; k < layer.outputs; k++) {
    const slope = layer.activation.slope(z[k], a[k]);
    for (let i = 0; i < n; i++) rows[i * layer.outputs + k] *= slope;
  }
}

// bound + exp(t) in place of t, finite and above the bound, where there is one.
function exponentiate(y, n, bounds) {
  if (!bounds) return;
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < bounds.length; j++, at++) {
      const low = bounds[j];
      if (low === -Infinity) continue;
      const value = low + Math.exp(y[at]);
      y[at] = value > low ? Math.min(value, Number.MAX_VALUE) : value === low ? nextAbove(low) : value;
    }
  }
}

// The next number above one that is finite.
function nextAbove(value) {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

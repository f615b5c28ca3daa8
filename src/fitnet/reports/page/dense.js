"use strict";

// Dense layers: z = a W + b for some rows, a (n, inputs), W (inputs, outputs), z (n, outputs), all row by row.

const PANEL = 4; // outputs that are computed at once, of two rows: their eight sums and W's numbers stay in registers

class DenseLayer {
  constructor(weights, biases, activation) {
    this.weights = weights;
    this.biases = biases;
    this.outputs = biases.length;
    this.inputs = weights.length / biases.length;
    this.activation = ACTIVATIONS[activation];
    this.panels = null;
    this.start = padded(biases);
    this.zeros = new Float64Array(this.start.length);
  }

  // z for the first n rows of a.
  forward(a, n, z) {
    this.product(a, n, z, this.start);
  }

  // a W and `start` (outputs), filled up to whole panels.
  product(a, n, z, start = this.zeros) {
    this.panels = this.panels || panelsOf(this.weights, this.inputs, this.outputs);
    productWithPanels(a, n, this.inputs, this.panels, start, this.outputs, z);
  }

  // delta W^T for some rows of delta (n, outputs): (n, inputs).
  backward(delta, n, into) {
    const { inputs, outputs, weights } = this;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < inputs; j++) {
        let sum = 0;
        for (let k = 0, w = j * outputs, d = i * outputs; k < outputs; k++, w++, d++) sum += weights[w] * delta[d];
        into[i * inputs + j] = sum;
      }
    }
  }
}

// W in panels of so many columns, each row by row, the last filled up with 0.
function panelsOf(W, inputs, outputs) {
  const count = Math.ceil(outputs / PANEL), panels = new Float64Array(count * PANEL * inputs);
  for (let j = 0; j < inputs; j++) {
    for (let k = 0; k < outputs; k++) {
      panels[(Math.floor(k / PANEL) * inputs + j) * PANEL + k % PANEL] = W[j * outputs + k];
    }
  }
  return panels;
}

// Two rows and a panel at a time; the last of an odd number of rows is computed twice.
function productWithPanels(a, n, inputs, panels, start, outputs, z) {
  for (let i = 0; i < n; i += 2) {
    const one = i * inputs, two = i + 1 < n ? one + inputs : one;
    const first = i * outputs, second = i + 1 < n ? first + outputs : first;
    for (let k = 0, w = 0; k < outputs; k += PANEL) {
      let a0 = start[k], a1 = start[k + 1], a2 = start[k + 2], a3 = start[k + 3];
      let b0 = a0, b1 = a1, b2 = a2, b3 = a3;
      for (let j = 0; j < inputs; j++, w += PANEL) {
        const w0 = panels[w], w1 = panels[w + 1], w2 = panels[w + 2], w3 = panels[w + 3];
        const x = a[one + j], y = a[two + j];
        a0 += x * w0;
        a1 += x * w1;
        a2 += x * w2;
        a3 += x * w3;
        b0 += y * w0;
        b1 += y * w1;
        b2 += y * w2;
        b3 += y * w3;
      }
      const left = outputs - k, at = first + k, other = second + k;
      z[at] = a0;
      z[other] = b0;
      if (left > 1) {
        z[at + 1] = a1;
        z[other + 1] = b1;
      }
      if (left > 2) {
        z[at + 2] = a2;
        z[other + 2] = b2;
      }
      if (left > 3) {
        z[at + 3] = a3;
        z[other + 3] = b3;
      }
    }
  }
}

// Numbers, with 0 behind them up to whole panels.
function padded(numbers) {
  const found = new Float64Array(Math.ceil(numbers.length / PANEL) * PANEL);
  found.set(numbers);
  return found;
}

function transposedMatrix(matrix, rows, columns) {
  const found = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) found[j * rows + i] = matrix[i * columns + j];
  }
  return found;
}

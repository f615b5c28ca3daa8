"use strict";

// Projections of an encoding: u = sum over inputs c of coefficient_c z_c, z being scaled, without coefficients of 0.

class Projections {
  constructor(held, columns) {
    const coefficients = held ? decodedArray(held) : new Float64Array(0);
    this.count = coefficients.length / columns;
    this.inputs = []; // of every projection, in order
    this.coefficients = [];
    this.withInput = Array.from({ length: columns }, () => []); // of every input {projection, coefficient}
    for (let i = 0; i < this.count; i++) {
      const own = coefficients.subarray(i * columns, (i + 1) * columns);
      this.inputs.push(Array.from(own.keys()).filter((c) => own[c] !== 0));
      this.coefficients.push(own.filter((coefficient) => coefficient !== 0));
      for (const c of this.inputs[i]) this.withInput[c].push({ projection: i, coefficient: own[c] });
    }
  }

  // u of the row of X that begins at `row`, `layer` scaling its inputs.
  value(i, X, row, layer) {
    const inputs = this.inputs[i], coefficients = this.coefficients[i];
    let sum = 0;
    for (let t = 0; t < inputs.length; t++) sum += coefficients[t] * layer.scaled(inputs[t], X[row + inputs[t]]);
    return sum;
  }

  // Whether two rows of X differ in an input of projection i.
  differs(i, X, row, other) {
    return this.inputs[i].some((c) => X[row + c] !== X[other + c]);
  }
}

"use strict";

// Probabilities of K classes from logits z, and their slopes; of one logit for two classes that of the first is 0.

// In place of n rows of `logits` numbers each in y their probabilities, K a row; y has room for them.
function softmax(y, n, logits) {
  const K = Math.max(2, logits);
  for (let i = n - 1; i >= 0; i--) {
    if (logits === 1) [y[i * 2], y[i * 2 + 1]] = [0, y[i]];
    const from = i * K, to = from + K;
    let largest = -Infinity, sum = 0;
    for (let at = from; at < to; at++) largest = Math.max(largest, y[at]);
    for (let at = from; at < to; at++) sum += y[at] = Math.exp(y[at] - largest);
    for (let at = from; at < to; at++) y[at] /= sum;
  }
}

// {y (K), slopes (K, p)} of one row, from its logits and their slopes: dp_k = p_k (dz_k - sum_j p_j dz_j).
function probabilitySlopes(z, slopes, p) {
  const K = Math.max(2, z.length), y = new Float64Array(K), found = new Float64Array(K * p);
  y.set(z);
  softmax(y, 1, z.length);
  if (z.length === 1) found.set(slopes, p);
  else found.set(slopes);
  for (let c = 0; c < p; c++) {
    let mean = 0;
    for (let k = 0; k < K; k++) mean += y[k] * found[k * p + c];
    for (let k = 0; k < K; k++) found[k * p + c] = y[k] * (found[k * p + c] - mean);
  }
  return { y, slopes: found };
}

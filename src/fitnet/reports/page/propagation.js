"use strict";
// Propagated error, to first order: what the inputs' standard deviations do to each output, J S J^T with exact slopes.

// Standard deviations of the outputs, and which inputs they come from.
//   slopes (m * p) of the outputs by the columns of numbers; sigmas, one an input; inputs as LiveModel gives them.
//   Returns {deviations: Float64Array(m), shares: [Float64Array(inputs), ...]}; shares of the variance, or zeros.
function propagatedErrors(slopes, m, p, inputs, sigmas) {
  const deviations = new Float64Array(m);
  const shares = [];
  for (let output = 0; output < m; output++) {
    const variances = new Float64Array(inputs.length);
    let total = 0;
    inputs.forEach((input, i) => {
      if (input.kind === "words" || !(sigmas[i] > 0)) return;
      const deviation = slopes[output * p + input.columns[0]] * sigmas[i];
      variances[i] = deviation * deviation;
      total += variances[i];
    });
    deviations[output] = Math.sqrt(total);
    shares.push(total > 0 ? variances.map((variance) => variance / total) : variances);
  }
  return { deviations, shares };
}

// In words, where most of one output's propagated error comes from; empty where no sigma is given.
function largestSource(inputs, shares) {
  let largest = 0;
  shares.forEach((share, i) => {
    if (share > shares[largest]) largest = i;
  });
  if (!(shares[largest] > 0)) return "";
  return `${Math.round(100 * shares[largest])} % of its variance from ${inputs[largest].name}`;
}

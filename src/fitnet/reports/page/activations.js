"use strict";

// Activations: `value` gives a for each of so many z, from the two arrays' starts on, which may be one; `slope` is da/dz.
// Each has a loop of its own, so that the browser compiles it for the one function in it.

const LEAK = 0.01; // the slope of a leaky relu below 0

const ACTIVATIONS = {
  identity: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = z[i];
    },
    slope: () => 1,
  },
  relu: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = Math.max(z[i], 0);
    },
    slope: (z) => (z > 0 ? 1 : 0),
  },
  leaky_relu: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = Math.max(z[i], LEAK * z[i]);
    },
    slope: (z) => (z > 0 ? 1 : LEAK),
  },
  tanh: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = hyperbolicTangent(z[i]);
    },
    slope: (z, a) => 1 - a * a,
  },
  logistic: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = logistic(z[i]);
    },
    slope: (z, a) => a * (1 - a),
  },
  silu: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = z[i] * logistic(z[i]);
    },
    slope: (z, a) => logistic(z) + a * (1 - logistic(z)),
  },
  softplus: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = Math.max(z[i], 0) + Math.log1p(exponential(-Math.abs(z[i])));
    },
    slope: (z) => logistic(z),
  },
  gelu: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = z[i] * normalDistribution(z[i]);
    },
    slope: (z) => normalDistribution(z) + z * normalDensity(z),
  },
  exponential: {
    value: (z, a, count) => {
      for (let i = 0; i < count; i++) a[i] = Math.exp(z[i]);
    },
    slope: (z, a) => a,
  },
};

// exp(x) to 1e-14 of it for the x that activations have, in a fifth of the time that Math.exp takes: 2^(k / 32) from two
// tables, k whole, times the series of what is left of x.
const PART_POWERS = Float64Array.from({ length: 32 }, (_, i) => Math.pow(2, i / 32));
const WHOLE_POWERS = Float64Array.from({ length: 2200 }, (_, i) => Math.pow(2, i - 1100));
const PARTS = 32 / Math.LN2;
const ROUNDS = 1.5 * 2 ** 52; // a sum with it is rounded to a whole number

function exponential(x) {
  if (!(x > -740)) return x <= -740 ? 0 : x;
  if (x > 705) return Math.exp(x);
  const k = x * PARTS + ROUNDS - ROUNDS, r = x - k / PARTS, whole = k | 0;
  const series = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r / 720)))));
  return PART_POWERS[whole & 31] * WHOLE_POWERS[(whole >> 5) + 1100] * series;
}

function logistic(z) {
  const e = exponential(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

// Near 0 by its series, whose next term is below 1e-16 of it.
function hyperbolicTangent(z) {
  if (Math.abs(z) < 0.05) {
    const s = z * z;
    return z * (1 - s * (1 / 3 - s * (2 / 15 - s * (17 / 315 - s * (62 / 2835 - s * (1382 / 155925))))));
  }
  const e = exponential(-2 * Math.abs(z));
  return (z < 0 ? e - 1 : 1 - e) / (1 + e);
}

function normalDensity(z) {
  return exponential(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

// The probability that a standard normal number is below z: by the series of the error function near 0 (Abramowitz and
// Stegun, 7.1.6), by its continued fraction further out (7.1.14), from the end on.
function normalDistribution(z) {
  const size = Math.abs(z);
  if (!(size < 39)) return z > 0 ? 1 : z < 0 ? 0 : z;
  if (size < 3) {
    let term = z, sum = z;
    for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
      term *= z * z / k;
      sum += term;
    }
    return 0.5 + normalDensity(z) * sum;
  }
  let fraction = size;
  for (let k = 60; k >= 1; k--) fraction = size + k / fraction;
  const tail = normalDensity(z) / fraction;
  return z < 0 ? tail : 1 - tail;
}

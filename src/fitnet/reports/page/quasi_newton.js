"use strict";
// The arithmetic of an ascent: directions from few remembered steps, products of vectors, primes that spread points.

// The ascent direction that limited memory makes of a gradient (two-loop recursion).
function quasiNewton(gradient, pairs) {
  let direction = Float64Array.from(gradient);
  const steps = [];
  for (const { change, bend } of [...pairs].reverse()) {
    const factor = dot(change, direction) / dot(change, bend);
    direction = direction.map((entry, k) => entry - factor * bend[k]);
    steps.push(factor);
  }
  if (pairs.length) {
    const { change, bend } = pairs[pairs.length - 1];
    const scale = dot(change, bend) / dot(bend, bend);
    direction = direction.map((entry) => entry * scale);
  }
  for (const { change, bend } of pairs) {
    const factor = steps.pop() - dot(bend, direction) / dot(change, bend);
    direction = direction.map((entry, k) => entry + factor * change[k]);
  }
  return direction;
}

function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function norm(a) {
  return Math.sqrt(dot(a, a));
}

const PRIMES = [2, 3];

function nthPrime(place) {
  for (let next = PRIMES[PRIMES.length - 1] + 2; PRIMES.length <= place; next += 2) {
    if (PRIMES.every((prime) => next % prime)) PRIMES.push(next);
  }
  return PRIMES[place];
}

"use strict";

// Arrays: {"dtype", "shape", "base64"}, little endian and row by row, as numbers of 64 bits, which all is computed in.

function decodedArray(held) {
  const text = atob(held.base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const view = new DataView(bytes.buffer);
  const size = { float16: 2, float32: 4, float64: 8 }[held.dtype];
  const numbers = new Float64Array(bytes.length / size);
  for (let i = 0; i < numbers.length; i++) {
    if (size === 2) numbers[i] = halfPrecision(view.getUint16(2 * i, true));
    else numbers[i] = size === 4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true);
  }
  return numbers;
}

// The finite number that these 16 bits are: sign, 5 bits of exponent, 10 of fraction.
function halfPrecision(bits) {
  const exponent = bits >> 10 & 31, fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 32768 ? -size : size;
}

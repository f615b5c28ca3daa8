"use strict";
// Numbers as the page writes them, and the round values along an axis.

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/**
 * A number with at most `digits` significant digits, for reading: "−0.0123", "20,640", "1.2×10⁻⁷"; "–" for none.
 * What a number field takes is `plainNumber`.
 */
function formatNumber(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size !== 0 && (size < 1e-4 || size >= 10 ** Math.max(digits + 2, 6))) return scientific(rounded, digits);
  const wanted = size === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return withSeparators(withoutZeros(rounded.toFixed(Math.min(wanted, 20))));
}

/** A number with at most `digits` significant digits, as number fields and programs write it: "-0.0123", "1.2e-7". */
function plainNumber(value, digits = 6) {
  return String(Number(value.toPrecision(digits)));
}

/** A share from 0 to 1 in percent: "90 %", "0.4 %". */
function formatShare(share) {
  return share === null || share === undefined ? "–" : `${formatNumber(100 * share, share < 0.1 ? 2 : 3)}\u00a0%`;
}

/** A count with separators: "1,500". */
function formatCount(count) {
  return String(count).replace(/(\d)(?=(\d{3})+$)/g, "$1,");
}

function scientific(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const raised = Array.from(String(Number(exponent)), (character) => SUPERSCRIPTS[character]).join("");
  return `${withSeparators(withoutZeros(mantissa))}×10${raised}`;
}

function withoutZeros(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function withSeparators(text) {
  const [whole, fraction] = text.replace("-", "−").split(".");
  const spaced = whole.replace(/(\d)(?=(\d{3})+$)/g, "$1,");
  const grouped = whole.replace("−", "").length > 4 ? spaced : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Round values from `low` to `high`, about `count` of them: multiples of 1, 2 or 5 times a power of ten. */
function ticks(low, high, count) {
  if (!(high > low) || !Number.isFinite(high - low)) return [low];
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.8) || 10);
  const values = [];
  const last = Math.floor(high / step + 1e-9);
  for (let k = Math.ceil(low / step - 1e-9); k <= last; k++) values.push(Number((k * step).toPrecision(12)));
  return values.length > 0 ? values : [low];
}

/** Powers of ten from `low` to `high` with 2 and 5 times them where few would be; both are positive. */
function logarithmicTicks(low, high, count) {
  const factors = Math.log10(high / low) * 2 > count ? [1] : [1, 2, 5];
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(12));
      if (value >= low * 0.999 && value <= high * 1.001) values.push(value);
    }
  }
  return values.length > 1 ? values : ticks(low, high, count);
}

/** What stands at the ticks of one axis: as many digits as tell them apart. */
function tickTexts(values) {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  const largest = Math.max(...sizes, 0);
  if (values.length < 2 || largest === 0) return values.map((value) => formatNumber(value));
  const step = Math.min(...values.slice(1).map((value, i) => Math.abs(value - values[i])).filter((gap) => gap > 0));
  const digits = Math.max(1, Math.ceil(Math.log10(largest / step) + 1));
  return values.map((value) => formatNumber(value, Math.min(Math.max(digits, 4), 12)));
}

/** The lowest and highest of the values that are numbers, a little further where `margin` asks, never the same twice. */
function extent(values, margin = 0) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  if (low === high) return [low - (Math.abs(low) || 1) * 0.05, high + (Math.abs(high) || 1) * 0.05];
  const room = (high - low) * margin;
  return [low - room, high + room];
}

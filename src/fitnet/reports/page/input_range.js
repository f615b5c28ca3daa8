"use strict";
// What a slider and its curve cover: an input's training range, on a straight or a logarithmic axis. A place along the
// axis is a share from 0 to 1.

const LOG_RATIO = 30; // of the ends of a range, from which on a logarithmic axis may be better
const SLIDER_STEPS = 200;

// {low, high, step, scale, known}; a model of an old file has no ranges, then the rows' are taken.
function rangeOf(input, column) {
  if (input.kind === "words") return { low: 0, high: input.levels.length - 1, step: 1, scale: "linear", known: true };
  let { low, high } = input;
  let known = input.known_range !== false;
  if (!(Number.isFinite(low) && Number.isFinite(high)) && column.length) [low, high] = extent(column);
  if (!(Number.isFinite(low) && Number.isFinite(high))) {
    known = false;
    const center = Number.isFinite(input.start) ? input.start : 0;
    [low, high] = [center - 1, center + 1];
  }
  const scale = betterOnLogarithms(low, high, column) ? "log" : "linear";
  const whole = scale === "linear" && column.length > 0 && high - low >= 2 && high - low <= SLIDER_STEPS && column.every(Number.isInteger);
  return { low, high, step: whole ? 1 : (high - low) / SLIDER_STEPS || 1, scale, known };
}

// Whether the middle of the rows lies nearer to the middle of a logarithmic axis than of a straight one.
function betterOnLogarithms(low, high, column) {
  if (!(low > 0) || high / low < LOG_RATIO || !column.length) return false;
  const median = column.slice().sort((a, b) => a - b)[Math.floor(column.length / 2)];
  const off = (scale) => Math.abs(shareOf([low, high], scale, median) - 0.5);
  return off("log") < off("linear");
}

function shareOf([low, high], scale, value) {
  if (scale === "log") return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low || 1);
}

function valueAt([low, high], scale, share) {
  if (share <= 0 || share >= 1) return share <= 0 ? low : high;
  return scale === "log" ? low * (high / low) ** share : low + share * (high - low);
}

// How fast the value grows along the axis, per share.
function growthAt([low, high], scale, value) {
  return scale === "log" ? value * Math.log(high / low) : high - low;
}

function startOf(input, range) {
  if (input.kind === "words") return Number.isInteger(input.start) ? input.start : 0;
  return Number.isFinite(input.start) ? input.start : (range.low + range.high) / 2;
}

// A number with as many decimals as its range needs, always the same, so that it does not jump while a slider moves.
function steadyNumber(value, [low, high]) {
  const size = high - low;
  const decimals = 3 - Math.floor(Math.log10(size));
  if (!(size > 0) || !Number.isFinite(value) || decimals > 9 || Math.abs(value) >= 1e6 || Math.abs(value) > 100 * size) return formatNumber(value, 5);
  const [whole, fraction] = value.toFixed(Math.max(0, decimals)).replace("-", "−").split(".");
  const grouped = whole.replace("−", "").length > 4 ? whole.replace(/(\d)(?=(\d{3})+$)/g, "$1,") : whole;
  return fraction ? `${grouped}.${fraction}` : grouped;
}

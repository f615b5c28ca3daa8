"use strict";
// The current point: one value an input (a number, or the index of a level), which inputs are locked, and how uncertain
// each is. The profiler and the contour share one, so that both always show the same settings.

const MAIN_INPUTS = 12; // shown first; the rest wait behind "more"
const MAIN_OUTPUTS = 12; // with a value of their own; of more a spectrum is drawn

class CurrentPoint {
  constructor(live, rows) {
    this.live = live;
    this.rows = rows;
    this.ranges = live.inputs.map((input) => rangeOf(input, columnOf(input, rows)));
    this.start = live.inputs.map((input, i) => startOf(input, this.ranges[i]));
    this.settings = this.start.slice();
    this.locked = live.inputs.map(() => false);
    this.sigmas = live.inputs.map(() => 0);
    this.coverage = live.coverages && live.coverages.length ? preferredCoverage(live.coverages) : null;
    this.listeners = [];
  }

  // The value that stands for an input: what is filled in where it is missing.
  filled(index, settings = this.settings) {
    const value = settings[index];
    return Number.isNaN(value) ? this.live.inputs[index].median : value;
  }

  // Call `listener(changed)` after every change; `changed` is the index of the one input that moved, or null.
  subscribe(listener) {
    this.listeners.push(listener);
  }

  announce(changed = null) {
    for (const listener of this.listeners) listener(changed);
  }

  set(index, value) {
    const missing = Number.isNaN(value) && this.live.inputs[index].median !== undefined;
    if (!missing && !Number.isFinite(value)) return;
    if (Object.is(value, this.settings[index])) return;
    this.settings[index] = value;
    this.announce(index);
  }

  setAll(settings) {
    this.settings = settings.slice();
    this.announce();
  }

  row(settings = this.settings) {
    return this.live.row(settings);
  }

  // Names of inputs whose number lies beyond the range that training saw.
  beyondRanges(settings = this.settings) {
    return this.live.inputs.filter((input, i) => {
      const { low, high, known } = this.ranges[i];
      const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high)); // rounding of the slider's steps
      return input.kind !== "words" && known && (settings[i] < low - slack || settings[i] > high + slack);
    });
  }
}

// The point that belongs to a report; made once.
function currentPointOf(report) {
  if (!report.point) report.point = new CurrentPoint(report.live, decodedRows(report.rows));
  return report.point;
}

// {inputs, targets}, each {shape, values}, of the rows that the page holds; null where it holds none.
function decodedRows(rows) {
  if (!rows || !rows.inputs || rows.inputs.shape[0] === 0) return null;
  const decoded = (held) => ({ shape: held.shape, values: held.values || decodedArray(held) });
  return { inputs: decoded(rows.inputs), targets: decoded(rows.targets) };
}

function preferredCoverage(coverages) {
  return coverages.includes(0.9) ? 0.9 : coverages[coverages.length - 1];
}

// The values of one column of numbers in the training rows, or [] where there are none.
function columnOf(input, rows) {
  if (!rows || input.kind === "words") return [];
  const [count, width] = rows.inputs.shape;
  const values = [];
  for (let row = 0; row < count; row++) values.push(rows.inputs.values[row * width + input.columns[0]]);
  return values.filter(Number.isFinite);
}

// The output that is shown first where there is room for one: the one whose targets differ most.
function leadingOutput(live, rows) {
  if (live.m <= MAIN_OUTPUTS || !rows) return 0;
  const spreads = live.outputs.map((_, output) => deviationOf(targetColumn(rows, output)));
  return spreads.indexOf(Math.max(...spreads));
}

function targetColumn(rows, output) {
  const [count, width] = rows.targets.shape;
  return Array.from({ length: count }, (_, row) => rows.targets.values[row * width + output]);
}

// The indices of the inputs, most important first; without importances in the model's order.
function inputsByImportance(report) {
  const order = report.live.inputs.map((_, i) => i);
  const increases = new Map();
  for (const target of (report.facts && report.facts.targets) || []) {
    const largest = Math.max(0, ...(target.importance || []).map((entry) => entry.increase || 0));
    for (const { input, increase } of target.importance || []) {
      const share = largest > 0 ? Math.max(0, increase || 0) / largest : 0;
      increases.set(input, Math.max(increases.get(input) || 0, share));
    }
  }
  const importance = (i) => increases.get(report.live.inputs[i].name) || 0;
  return order.sort((a, b) => importance(b) - importance(a) || a - b);
}

// A value of an input as one says it: "71.3 m/s", or the level's word.
function spokenValue(input, value) {
  if (input.kind === "words") return levelText(input.levels[value]);
  if (Number.isNaN(value)) return "missing";
  return input.unit ? `${formatNumber(value)} ${input.unit}` : formatNumber(value);
}

// A level as the page writes it; a missing word is one too.
function levelText(level) {
  return level === null || level === "" ? "(missing)" : String(level);
}

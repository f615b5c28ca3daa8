"use strict";
// The rows the page shows: what was measured, predicted and given, by column.

/** A column of a matrix of lists, as Float64Array; NaN where there is none. */
function sampleColumn(matrix, j) {
  return Float64Array.from(matrix, (row) => (row[j] === null ? NaN : row[j]));
}

/** Of target j: `measured`, `predicted`, `lower` and `upper` (null without intervals), one value a row. */
function sampleOf(report, j) {
  const { targets, predictions, lower, upper } = report.facts.sample;
  return {
    measured: sampleColumn(targets, j),
    predicted: sampleColumn(predictions, j),
    lower: lower ? sampleColumn(lower, j) : null,
    upper: upper ? sampleColumn(upper, j) : null,
  };
}

/**
 * An input's values in those rows, to be drawn: {values, label, levels}. Of words the values are the levels' indices,
 * moved a little apart so that dots do not hide each other, and `levels` says what stands there; NaN where none is set.
 */
function inputValues(report, index) {
  const input = report.model.inputs[index];
  const { shape, values: given } = report.rows.inputs;
  const [count, width] = shape;
  const label = nameWithUnit(input);
  const value = (i, column) => given[i * width + column];
  if (input.kind !== "words") {
    return { values: Float64Array.from({ length: count }, (_, i) => value(i, input.columns[0])), label, levels: null };
  }
  const values = Float64Array.from({ length: count }, (_, i) => {
    const level = input.columns.findIndex((column) => value(i, column) > 0.5);
    return level < 0 ? NaN : level + (((i * 0.618034) % 1) - 0.5) * 0.5;
  });
  return { values, label, levels: input.levels };
}

/** The inputs' indices, those that matter most for a target first; in the model's order where nothing is known. */
function inputsOfTarget(report, j) {
  const inputs = report.model.inputs;
  const known = new Map((report.facts.targets[j].importance || []).map((each) => [each.input, each.increase]));
  const weight = (index) => known.get(inputs[index].name) ?? -Infinity;
  return inputs.map((_, index) => index).sort((a, b) => weight(b) - weight(a) || a - b);
}

/** Means of y in groups of neighbours along x: {xs, ys}; none where rows are few. */
function runningMeans(xs, ys) {
  const order = Array.from(xs.keys()).filter((i) => Number.isFinite(xs[i]) && Number.isFinite(ys[i]));
  order.sort((a, b) => xs[a] - xs[b]);
  const size = Math.max(8, Math.ceil(order.length / 16));
  const means = { xs: [], ys: [] };
  for (let from = 0; from + size <= order.length; ) {
    let to = from + size;
    while (to < order.length && xs[order[to]] === xs[order[to - 1]]) to++; // equal values stay in one group
    if (order.length - to < size) to = order.length;
    const group = order.slice(from, to);
    means.xs.push(group.reduce((sum, i) => sum + xs[i], 0) / group.length);
    means.ys.push(group.reduce((sum, i) => sum + ys[i], 0) / group.length);
    from = to;
  }
  return means.xs.length > 1 ? means : { xs: [], ys: [] };
}

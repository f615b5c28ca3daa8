"use strict";
// Predicted against measured values, with the intervals of some rows.

const SHOWN_INTERVALS = 250;

function drawParity(report, j, width) {
  const target = report.facts.targets[j];
  const { measured, predicted, lower, upper } = sampleOf(report, j);
  const range = extent([...measured, ...predicted], 0.04);
  const size = Math.min(width, 560);
  const plot = new Plot({
    width: size,
    height: Math.round(Math.min(size, Math.max(size * 0.85, 300))),
    x: range,
    y: range,
    xLabel: `measured ${nameWithUnit(target)}`,
    yLabel: `predicted ${nameWithUnit(target)}`,
    title: null,
    description:
      `Predicted against measured ${target.name} of ${formatCount(measured.length)} rows, beside the diagonal. ` +
      `Root mean square error ${formatNumber(target.errors.network.rmse, 3)}, R squared ${formatNumber(target.errors.network.r2, 3)}.`,
  });
  const remarks = [];
  if (lower) {
    const step = Math.ceil(measured.length / SHOWN_INTERVALS);
    const every = (values) => values.filter((_, i) => i % step === 0);
    plot.bars(every(measured), every(lower), every(upper));
    if (step > 1) remarks.push(`Intervals are drawn for one row in ${step}.`);
  }
  plot.dots(measured, predicted, "data", { radius: 2.2, canvas: measured.length > 400 });
  plot.line(range, range, "guide");
  return [plot.node, shownRows(report, remarks)];
}

/** How many rows a picture shows, where that is not all. */
function shownRows(report, remarks = []) {
  const { rows, sample } = report.facts;
  if (sample.rows.length < rows.n) {
    remarks.unshift(`${formatCount(sample.rows.length)} of ${formatCount(rows.n)} rows are drawn.`);
  }
  return remarks.length > 0 ? element("p", { class: "remark" }, remarks.join(" ")) : null;
}

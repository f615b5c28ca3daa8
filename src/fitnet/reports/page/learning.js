"use strict";
// The error, of classes the log loss, against the number of rows, and the loss against the epoch.

function drawLearning(report, j, width) {
  const curve = report.facts.learning_curve;
  const target = report.facts.targets[j];
  const errors = (curve.rmse || curve.log_loss).map((each) => each[j]);
  const deviations = curve.deviation.map((each) => each[j] || 0);
  const [lower, upper] = [-1, 1].map((sign) => errors.map((error, k) => error + sign * deviations[k]));
  const label = `${curve.rmse ? "RMSE" : "log loss"} on rows not seen${target.unit ? ` [${target.unit}]` : ""}`;
  const plot = new Plot({
    width: Math.min(width, 640),
    height: 320,
    x: [Math.min(...curve.rows) * 0.9, Math.max(...curve.rows) * 1.1],
    y: [0, extent(upper)[1] * 1.1],
    xScale: "log",
    xLabel: "training rows",
    yLabel: label,
    title: nameWithUnit(target),
    description: curve.rows.map((rows, k) => `${formatCount(rows)} rows: ${formatNumber(errors[k], 3)}`).join("; "),
  });
  plot.bars(curve.rows, lower, upper, "thick");
  plot.line(curve.rows, errors, "model");
  plot.dots(curve.rows, errors, "model", { radius: 3.5 });
  const cells = curve.rows.map((rows, k) => [formatCount(rows), `${formatNumber(errors[k], 3)} ± ${formatNumber(deviations[k], 2)}`]);
  return [element("div", { class: "beside" }, plot.node, tableOf(["Rows", label], cells))];
}

function drawTraining(report, j, width) {
  const { epoch, loss, validation_loss: validation, best_epoch: best } = report.facts.training;
  const values = [...loss, ...(validation || [])].filter((value) => value !== null);
  const [low, high] = extent(values);
  const logarithmic = low > 0 && high / low > 20;
  const plot = new Plot({
    width: Math.min(width, 640),
    height: 320,
    x: extent(epoch),
    y: logarithmic ? [low / 1.2, high * 1.2] : [Math.min(0, low), high * 1.05],
    yScale: logarithmic ? "log" : "linear",
    xLabel: "epoch",
    yLabel: "loss",
    description:
      `The loss falls from ${formatNumber(loss[0], 3)} to ${formatNumber(loss[loss.length - 1], 3)} in ` +
      `${formatCount(epoch[epoch.length - 1])} epochs` + (best === null ? "." : `; epoch ${formatCount(best)} is kept.`),
  });
  plot.line(epoch, loss, "model");
  if (validation) plot.line(epoch, validation, "second");
  if (best !== null) plot.vertical(best, "guide");
  const keys = [key("model", "training rows"), validation ? key("second", "rows that were watched") : null];
  return [element("p", { class: "legend" }, keys, best === null ? null : key("guide", `epoch ${formatCount(best)}, kept`)), plot.node];
}

/** An entry of a legend: a short line as it is drawn, and what it stands for. */
function key(className, text) {
  const stroke = svgElement("line", { x1: 0, x2: 22, y1: 6, y2: 6, class: `line ${className}` });
  const drawing = svgElement("svg", { class: "drawing key", width: 22, height: 12, "aria-hidden": true }, stroke);
  return element("span", { class: "key-entry" }, drawing, text);
}

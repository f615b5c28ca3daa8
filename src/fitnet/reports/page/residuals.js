"use strict";
// Residuals against the prediction and against each input, and how they are spread.

const FIRST_INPUTS = 6; // shown at once; more are behind a button

function drawResiduals(report, j, width) {
  const target = report.facts.targets[j];
  const { measured, predicted } = sampleOf(report, j);
  const residuals = predicted.map((value, i) => value - measured[i]);
  const range = residualRange(residuals);
  const label = `residual of ${nameWithUnit(target)}`;
  const whole = width < 700 ? width : Math.round(width * 0.62);
  const beside = width < 700 ? width : width - whole - 24;
  const first = { values: predicted, label: `predicted ${nameWithUnit(target)}`, levels: null };
  const head = element(
    "div",
    { class: "beside" },
    residualPlot({ width: whole, height: 300, label, range, residuals }, first),
    spreadPlot({ width: beside, height: 300, label, range, residuals }),
  );
  return [head, ...residualsOfInputs(report, j, { width, label, range, residuals }), shownRows(report)];
}

function residualsOfInputs(report, j, { width, ...about }) {
  const columns = width < 480 ? 1 : width < 760 ? 2 : 3;
  const each = { width: Math.floor((width - 24 * (columns - 1)) / columns), height: 220, ...about };
  const order = inputsOfTarget(report, j);
  const drawn = (indices) => {
    const plots = indices.map((index) => residualPlot(each, inputValues(report, index)));
    return element("div", { class: "small-multiples", style: { "--columns": columns } }, plots);
  };
  const nodes = [drawn(order.slice(0, FIRST_INPUTS))];
  if (order.length > FIRST_INPUTS) nodes.push(laterInputs(order.slice(FIRST_INPUTS), drawn));
  return nodes;
}

/** The other inputs behind a summary, drawn when it is opened for the first time. */
function laterInputs(indices, drawn) {
  const summary = element("summary", {}, indices.length === 1 ? "Residuals against the other input" : `Residuals against the other ${formatCount(indices.length)} inputs`);
  const details = element("details", { class: "more" }, summary);
  details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(drawn(indices)));
  return details;
}

/** The range that holds all residuals and zero, as wide above as below. */
function residualRange(residuals) {
  const [low, high] = extent(residuals);
  const size = 1.05 * Math.max(Math.abs(low), Math.abs(high));
  return [-size, size];
}

function residualPlot({ width, height, label, range, residuals }, { values, label: name, levels }) {
  const plot = new Plot({
    width,
    height,
    x: levels ? [-0.5, levels.length - 0.5] : extent(values, 0.03),
    y: range,
    xLabel: name,
    yLabel: label,
    xTicks: levels ? levels.map((level, k) => [k, shortened(level === null ? "(missing)" : String(level), 12)]) : null,
    description: `Residuals against ${name}, of ${formatCount(residuals.length)} rows.`,
  });
  plot.dots(values, residuals, "data", { radius: 1.8, canvas: true });
  plot.horizontal(0);
  const means = runningMeans(levels ? values.map(Math.round) : values, residuals);
  plot.line(means.xs, means.ys, "model");
  return plot.node;
}

/** How many residuals lie in each of some bins, drawn as bars that lie on the same axis as the residuals. */
function spreadPlot({ width, height, label, range, residuals }) {
  const bins = 30;
  const counts = new Array(bins).fill(0);
  for (const residual of residuals) {
    const bin = Math.floor(((residual - range[0]) / (range[1] - range[0])) * bins);
    if (bin >= 0 && bin < bins) counts[bin] += 1;
  }
  const most = Math.max(...counts, 1);
  const plot = new Plot({
    width,
    height,
    x: [0, most * 1.05],
    y: range,
    xLabel: "rows",
    yLabel: label,
    description: `How the residuals of ${formatCount(residuals.length)} rows are spread: at most ${most} in one of ${bins} bins.`,
  });
  const step = (range[1] - range[0]) / bins;
  counts.forEach((count, bin) => {
    const place = { x: plot.sx(0), width: plot.sx(count) - plot.sx(0), y: plot.sy(range[0] + step * (bin + 1)) + 0.5 };
    plot.mark("rect", { ...place, height: plot.sy(0) - plot.sy(step) - 1, class: "bar" });
  });
  plot.horizontal(0);
  return plot.node;
}

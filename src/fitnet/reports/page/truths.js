"use strict";
// How the probability of the rows' own classes is spread: bars of rows told right, and on top of them rows told wrong.

function drawTruths(report, _, width) {
  const { right, wrong } = report.facts.truths;
  const most = Math.max(...right.map((count, bin) => count + wrong[bin]), 1);
  const sum = (counts) => counts.reduce((total, count) => total + count, 0);
  const plot = new Plot({
    width: Math.min(width, 640),
    height: 260,
    x: [0, 1],
    y: [0, most * 1.05],
    xLabel: "probability of the right class",
    yLabel: "rows",
    description: `${formatCount(sum(right))} rows are told right and ${formatCount(sum(wrong))} wrong; ${formatCount(wrong[0])} rows give their class less than ${formatShare(1 / right.length)}.`,
  });
  const bar = (bin, from, count, className) => {
    if (!count) return;
    const left = plot.sx(bin / right.length) + 0.5;
    const place = { x: left, width: plot.sx((bin + 1) / right.length) - left - 0.5, y: plot.sy(from + count) };
    plot.mark("rect", { ...place, height: plot.sy(from) - place.y, class: className });
  };
  right.forEach((count, bin) => {
    bar(bin, 0, count, "bar");
    bar(bin, count, wrong[bin], "bar wrong");
  });
  const keys = [key("thick", "told right"), key("second thick", "told wrong")];
  return [element("p", { class: "legend" }, keys), plot.node];
}

"use strict";
// How often the likeliest class is right, against the probability that it is given; and of how many rows.

function drawReliability(report, _, width) {
  const { bins } = report.facts.reliability;
  const size = Math.min(width, 420);
  const plot = new Plot({
    width: size,
    height: Math.round(size * 0.9),
    x: [0, 1],
    y: [0, 1],
    xLabel: "probability it gives its answer",
    yLabel: "share of answers that are right",
    description: bins.map((each) => `Where it says ${formatShare(each.said)}, ${formatShare(each.right)} are right`).join("; "),
  });
  const said = bins.map((each) => each.said);
  plot.line([0, 1], [0, 1], "guide");
  plot.bars(said, bins.map((each) => each.low), bins.map((each) => each.high), "thick");
  plot.dots(said, bins.map((each) => each.right), "model", { radius: 3.5 });
  const cells = bins.map((each) => [
    formatShare(each.said),
    formatShare(each.right),
    `${formatShare(each.low)} to ${formatShare(each.high)}`,
    formatCount(each.rows),
  ]);
  const table = tableOf(["It says", "Right", "What chance allows", "Rows"], cells);
  return [element("div", { class: "beside" }, plot.node, table)];
}

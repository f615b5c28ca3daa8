"use strict";
// The share of targets that the intervals hold, against the share that was asked for.

function drawCalibration(report, j, width) {
  const target = report.facts.targets[j];
  const levels = target.coverage || [];
  if (levels.length === 0) return [element("p", { class: "remark" }, "Nothing is known of this target's intervals.")];
  const size = Math.min(width, 400);
  const plot = new Plot({
    width: size,
    height: Math.round(size * 0.9),
    x: [0, 1],
    y: [0, 1],
    xLabel: "share asked for",
    yLabel: "share of measured values inside",
    title: nameWithUnit(target),
    description: levels.map((each) => `${formatShare(each.level)} intervals hold ${formatShare(each.share)}`).join("; "),
  });
  const asked = levels.map((each) => each.level);
  plot.band(asked, levels.map((each) => each.low), levels.map((each) => each.high));
  plot.line([0, 1], [0, 1], "guide");
  plot.dots(asked, levels.map((each) => each.share), "model", { radius: 3.5 });
  const cells = levels.map((each) => [formatShare(each.level), formatShare(each.share), `${formatShare(each.low)} to ${formatShare(each.high)}`]);
  const table = tableOf(["Asked for", "Inside", "What chance allows"], cells);
  return [element("div", { class: "beside" }, plot.node, table)];
}

"use strict";
// The model's error over each baseline's, with what chance leaves open.

function drawRatios(report, j, width) {
  const target = report.facts.targets[j];
  const known = Object.entries(target.ratios || {}).filter(([, ratio]) => ratio && ratio.ratio !== null);
  if (known.length === 0) return [];
  const ends = known.flatMap(([, each]) => [each.ratio, each.low ?? each.ratio, each.high ?? each.ratio]);
  const [low, high] = extent([...ends, 1]);
  const plot = new Plot({
    width: Math.min(width, 640),
    height: 76 + 34 * known.length,
    x: [Math.min(0, low), Math.max(1.1, high * 1.05)],
    y: [-0.5, known.length - 0.5],
    xLabel: "RMSE of the model ÷ RMSE of the other",
    yLabel: "",
    yTicks: known.map(([name], k) => [known.length - 1 - k, name]),
    title: `${nameWithUnit(target)}: error beside others`,
    description: known.map(([name, each]) => `Against ${name} ${ratioText(each)}`).join("; "),
  });
  plot.vertical(1);
  known.forEach(([, each], k) => {
    const y = known.length - 1 - k;
    if (each.low !== null && each.high !== null) plot.line([each.low, each.high], [y, y], "model thick");
    plot.dots([each.ratio], [y], "model", { radius: 4.5 });
    const words = ratioText(each);
    const end = each.high ?? each.ratio;
    const fits = plot.sx(end) + 10 + textWidth(words) <= plot.right;
    const place = fits ? { anchor: "start", dx: 10, dy: 4 } : { anchor: "end", dx: -10, dy: 4 };
    plot.text(fits ? end : each.low ?? each.ratio, y, words, place);
  });
  return [plot.node, element("p", { class: "remark" }, "Left of 1 the model is better. Lines: 95 % intervals, from rows drawn again and again.")];
}

function ratioText({ ratio, low, high }) {
  const ends = low === null || high === null ? "" : ` (${formatNumber(low, 2)} to ${formatNumber(high, 2)})`;
  return `${formatNumber(ratio, 2)}${ends}`;
}

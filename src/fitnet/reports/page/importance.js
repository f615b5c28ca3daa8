"use strict";
// How much the error grows without an input, as a table with bars.

const FIRST_IMPORTANT = 20;

function drawImportance(report, j) {
  const target = report.facts.targets[j];
  const known = [...(target.importance || [])].sort((a, b) => b.increase - a.increase);
  if (known.length === 0) return [element("p", { class: "remark" }, "Nothing is known of this target.")];
  const most = Math.max(...known.map((each) => each.increase + (each.deviation || 0)), 1e-300);
  const units = new Map(report.model ? report.model.inputs.map((input) => [input.name, input.unit]) : []);
  const line = (each) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, nameElement(shortened(each.input, 60), units.get(each.input))),
      element("td", { class: "bar-cell" }, importanceBar(each, most)),
      element("td", {}, formatNumber(each.increase, 3)),
      element("td", {}, `±\u00a0${formatNumber(each.deviation, 2)}`),
    );
  const unit = target.unit ? ` [${target.unit}]` : "";
  const head = ["Input", "", `Increase of the ${report.facts.classes ? "log loss" : "RMSE"}${unit}`, "Spread"].map((text) =>
    text ? element("th", { scope: "col" }, text) : element("td", {}),
  );
  const table = (lines) =>
    element(
      "table",
      { class: "numbers importance" },
      element("caption", {}, `What shuffling an input does to the error of `, nameElement(shortened(target.name, 60), target.unit)),
      element("thead", {}, element("tr", {}, head)),
      element("tbody", {}, lines),
    );
  const nodes = [table(known.slice(0, FIRST_IMPORTANT).map(line))];
  if (known.length > FIRST_IMPORTANT) {
    const rest = table(known.slice(FIRST_IMPORTANT).map(line));
    const summary = element("summary", {}, `The other ${formatCount(known.length - FIRST_IMPORTANT)} inputs`);
    nodes.push(element("details", { class: "more" }, summary, rest));
  }
  return nodes;
}

/** A bar as long as the increase, with a line for its spread; 100 units stand for the longest. */
function importanceBar({ increase, deviation }, most) {
  const place = (value) => Math.max(0, Math.min(100, (100 * value) / most));
  const spread = deviation || 0;
  const [from, to] = [place(increase - spread), place(increase + spread)];
  return svgElement(
    "svg",
    { viewBox: "0 0 100 10", preserveAspectRatio: "none", class: "importance-bar", "aria-hidden": true },
    svgElement("rect", { x: 0, y: 1, width: place(increase), height: 8, class: "bar" }),
    svgElement("line", { x1: from, x2: to, y1: 5, y2: 5, class: "whisker" }),
  );
}

"use strict";
// The axes of a plot: lines, round values, names; and the canvas that lies beneath its drawing.

const LEAST_WIDTH = 120; // pixels, as where a part of the page is not shown and has no width

function axisTicks(given, [low, high], scale, count) {
  if (given) return given;
  const values = scale === "log" ? logarithmicTicks(low, high, count) : ticks(low, high, count);
  const texts = scale === "log" ? values.map((value) => formatNumber(value, 3)) : tickTexts(values);
  return values.map((value, i) => [value, texts[i]]);
}

/** Set the place of a plot's frame and draw what lies around it. The y axis is named above it, where text reads well. */
function drawAxes(plot) {
  plot.width = Math.max(plot.width, LEAST_WIDTH);
  const { width, height } = plot;
  const yTicks = axisTicks(plot.yTicks, plot.y, plot.yScale, Math.max(2, Math.floor(height / 50)));
  const widest = Math.max(...yTicks.map(([, text]) => textWidth(text)));
  plot.left = Math.ceil(Math.min(widest, width / 3)) + 10;
  plot.right = width - 10;
  plot.top = plot.yLabel ? 24 : 8;
  plot.bottom = height - (plot.xLabel ? 40 : 22);
  plot.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  setStyle(plot.node, { "--plot-width": `${width}px` });
  setStyle(plot.frame, { "aspect-ratio": `${width} / ${height}` });
  const inner = { x: plot.left, y: plot.top, width: plot.right - plot.left, height: plot.bottom - plot.top };
  for (const [name, value] of Object.entries(inner)) plot.marks.setAttribute(name, value);
  plot.marks.setAttribute("viewBox", `${inner.x} ${inner.y} ${inner.width} ${inner.height}`);
  plot.axes.replaceChildren(...yTickNodes(plot, yTicks), ...xTickNodes(plot), ...axisNames(plot));
}

function yTickNodes(plot, yTicks) {
  return yTicks.flatMap(([value, text]) => {
    const y = plot.sy(value);
    const words = { x: plot.left - 6, y: y + 4, class: "tick", "text-anchor": "end" };
    return [
      svgElement("line", { x1: plot.left, x2: plot.right, y1: y, y2: y, class: "grid" }),
      svgElement("text", words, fittingText(text, plot.width / 3)),
    ];
  });
}

/** As many ticks as there is room for: fewer are tried until no two texts touch. */
function xTickNodes(plot) {
  const room = plot.right - plot.left;
  let chosen = [];
  for (let count = Math.max(2, Math.floor(room / 60)); count >= 1; count--) {
    chosen = axisTicks(plot.xTicks, plot.x, plot.xScale, count);
    if (plot.xTicks || !textsTouch(plot, chosen)) break;
  }
  return withoutTouching(plot, chosen).flatMap(([value, text, x]) => [
    svgElement("line", { x1: plot.sx(value), x2: plot.sx(value), y1: plot.bottom, y2: plot.bottom + 4, class: "axis" }),
    svgElement("text", { x, y: plot.bottom + 17, class: "tick", "text-anchor": "middle" }, text),
  ]);
}

function placedTicks(plot, chosen) {
  return chosen.map(([value, text]) => {
    const half = textWidth(text) / 2;
    return [value, text, Math.max(half, Math.min(plot.sx(value), plot.width - half)), half];
  });
}

function textsTouch(plot, chosen) {
  return withoutTouching(plot, chosen).length < chosen.length;
}

function withoutTouching(plot, chosen) {
  let end = -Infinity;
  return placedTicks(plot, chosen).filter(([, , x, half]) => {
    const free = x - half >= end + 8;
    if (free) end = x + half;
    return free;
  });
}

function axisNames(plot) {
  const { left, right, bottom, width } = plot;
  const nodes = [svgElement("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" })];
  if (plot.yLabel) {
    nodes.push(svgElement("text", { x: 0, y: 12, class: "axis-name" }, fittingText(plot.yLabel, width)));
  }
  if (plot.xLabel) {
    const place = { x: right, y: plot.height - 6, class: "axis-name", "text-anchor": "end" };
    nodes.push(svgElement("text", place, fittingText(plot.xLabel, width)));
  }
  return nodes;
}

/** Paint dots on the canvas beneath a plot's drawing, and again when the page changes its colours. */
function paintDots(plot, cloud) {
  if (!plot.canvas) {
    plot.canvas = element("canvas", { class: "cloud", "aria-hidden": true });
    plot.frame.prepend(plot.canvas);
  }
  plot.clouds.push(cloud);
  repaint(plot);
  return plot.canvas;
}

function repaint(plot) {
  const scale = Math.max(2, window.devicePixelRatio || 1);
  plot.canvas.width = Math.round(plot.width * scale);
  plot.canvas.height = Math.round(plot.height * scale);
  plot.canvas.repaint = () => repaint(plot);
  const context = plot.canvas.getContext("2d");
  context.scale(scale, scale);
  context.beginPath();
  context.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top);
  context.clip();
  for (const cloud of plot.clouds) paintCloud(plot, context, cloud);
}

function paintCloud(plot, context, { xs, ys, className, radius, opacities }) {
  const colour = getComputedStyle(document.documentElement).getPropertyValue(`--${className.split(" ")[0]}`);
  context.fillStyle = colour.trim() || "gray";
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] === null || ys[i] === null || !Number.isFinite(xs[i]) || !Number.isFinite(ys[i])) continue;
    context.globalAlpha = opacities ? opacities[i] : Math.max(0.12, Math.min(0.6, 600 / xs.length));
    context.beginPath();
    context.arc(plot.sx(xs[i]), plot.sy(ys[i]), radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Paint every canvas of the page again, as after a change of colours. */
function repaintClouds() {
  for (const canvas of document.querySelectorAll("canvas.cloud")) if (canvas.repaint) canvas.repaint();
}

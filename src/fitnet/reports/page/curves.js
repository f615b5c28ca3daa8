"use strict";
// One small plot of the profiler's grid: an output along one input, the others as they are. It holds its nodes and only
// moves them, so that dozens of plots follow a slider. The y axis is the output's, the same for all inputs.

const PLOT_HEIGHT = 146;
const PADDING = 8; // above and below the curve

class SmallPlot {
  constructor(point, index, output, onPick) {
    Object.assign(this, { point, index, output });
    this.input = point.live.inputs[index];
    this.words = this.input.kind === "words";
    const path = (className) => svgElement("path", { class: className });
    this.grid = path("grid");
    this.outside = path("beyond");
    this.shades = SHADES.map((opacity) => svgElement("path", { class: "near", "stroke-opacity": opacity })).reverse();
    this.band = path(this.words ? "whiskers" : "band");
    this.remembered = path("remembered");
    this.curve = path(this.words ? "levels" : "curve");
    this.propagated = path("propagated");
    this.here = path("here");
    this.tangent = path("tangent");
    this.mark = svgElement("circle", { class: "mark", r: 5 });
    this.svg = svgElement(
      "svg",
      { class: "small-plot", role: "img", height: PLOT_HEIGHT, "aria-label": `A curve over ${this.input.name}` },
      [this.grid, this.outside, this.shades, this.band, this.remembered, this.curve, this.tangent],
      [this.here, this.propagated, this.mark],
    );
    if (onPick) this.followPointer(onPick);
  }

  followPointer(onPick) {
    const pick = (event) => {
      const box = this.svg.getBoundingClientRect();
      if (box.width > 0) onPick(this.valueAt(((event.clientX - box.left) / box.width) * this.width));
    };
    this.svg.addEventListener("pointerdown", (event) => {
      this.svg.setPointerCapture(event.pointerId);
      pick(event);
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) pick(event);
    });
  }

  valueAt(pixel) {
    const { low, high } = this.point.ranges[this.index];
    const share = (pixel - THUMB / 2) / (this.width - THUMB);
    if (this.words) return Math.min(high, Math.max(low, Math.round(share * (high + 1) - 0.5)));
    return Math.min(high, Math.max(low, valueAt(this.x, this.scale, share)));
  }

  // Set the width in pixels, the x axis [low, high], the y axis and its round values.
  place(width, x, y, yTicks) {
    const axes = [width, ...x, ...y].join();
    if (axes === this.axes) return;
    Object.assign(this, { width, x, y, axes, dots: [] });
    this.scale = x[0] > 0 ? this.point.ranges[this.index].scale : "linear";
    this.svg.setAttribute("viewBox", `0 0 ${width} ${PLOT_HEIGHT}`);
    const lines = yTicks.map((value) => `M0 ${this.sy(value).toFixed(1)}H${width}`).join("");
    this.grid.setAttribute("d", lines);
    this.outside.setAttribute("d", this.words ? "" : this.beyondRange());
  }

  // Over what lies beyond the training range, where the current value lies there.
  beyondRange() {
    const { low, high } = this.point.ranges[this.index];
    const box = (from, to) => `M${from.toFixed(1)} 0H${to.toFixed(1)}V${PLOT_HEIGHT}H${from.toFixed(1)}Z`;
    const left = this.x[0] < low ? box(0, this.sx(low)) : "";
    return left + (this.x[1] > high ? box(this.sx(high), this.width) : "");
  }

  sx(value) {
    const ends = this.words ? [-0.5, this.x[1] + 0.5] : this.x;
    return THUMB / 2 + shareOf(ends, this.scale, value) * (this.width - THUMB);
  }

  sy(value) {
    const [low, high] = this.y;
    const pixel = PLOT_HEIGHT - PADDING - ((value - low) / (high - low)) * (PLOT_HEIGHT - 2 * PADDING);
    return Math.max(-1e4, Math.min(1e4, pixel));
  }

  // A curve through (xs, ys); lower and upper, where there are intervals, bound its band.
  drawCurve(xs, ys, lower, upper) {
    if (this.words) return this.drawLevels(xs, ys, lower, upper);
    let line = "", above = "", below = "";
    for (let k = 0; k < xs.length; k++) {
      const x = this.sx(xs[k]).toFixed(1);
      line += `${k ? "L" : "M"}${x} ${this.sy(ys[k]).toFixed(1)}`;
      if (!lower) continue;
      above += `${k ? "L" : "M"}${x} ${this.sy(upper[k]).toFixed(1)}`;
      below = `L${x} ${this.sy(lower[k]).toFixed(1)}${below}`;
    }
    this.curve.setAttribute("d", line);
    this.band.setAttribute("d", lower ? `${above}${below}Z` : "");
  }

  drawLevels(xs, ys, lower, upper) {
    let dots = "", whiskers = "";
    for (let k = 0; k < xs.length; k++) {
      const x = this.sx(xs[k]).toFixed(1);
      dots += `M${x} ${this.sy(ys[k]).toFixed(1)}h0`;
      if (lower) whiskers += `M${x} ${this.sy(lower[k]).toFixed(1)}V${this.sy(upper[k]).toFixed(1)}`;
    }
    this.curve.setAttribute("d", dots);
    this.band.setAttribute("d", whiskers);
  }

  // The current point: its value (NaN: missing), slope (null for words) and the standard deviation propagated from the inputs.
  drawPoint(x, y, slope, deviation) {
    const top = this.sy(y);
    this.mark.setAttribute("visibility", Number.isNaN(x) ? "hidden" : "visible");
    this.here.setAttribute("d", `M0 ${top.toFixed(1)}H${this.width}`);
    for (const path of [this.tangent, this.propagated]) path.setAttribute("d", "");
    if (Number.isNaN(x)) return;
    const left = this.sx(x);
    this.here.setAttribute("d", `M${left.toFixed(1)} 0V${PLOT_HEIGHT}M0 ${top.toFixed(1)}H${this.width}`);
    this.mark.setAttribute("cx", left.toFixed(1));
    this.mark.setAttribute("cy", top.toFixed(1));
    if (slope !== null) this.tangent.setAttribute("d", this.tangentPath(x, y, slope));
    const bar = `M${left.toFixed(1)} ${this.sy(y - deviation).toFixed(1)}V${this.sy(y + deviation).toFixed(1)}`;
    if (deviation > 0) this.propagated.setAttribute("d", bar);
  }

  // A stretch of the tangent, of the same length in pixels however steep it is.
  tangentPath(x, y, slope) {
    const pixels = (PLOT_HEIGHT - 2 * PADDING) / (this.y[1] - this.y[0]);
    const [across, down] = [this.width - THUMB, -slope * growthAt(this.x, this.scale, x) * pixels];
    const length = Math.hypot(across, down) || 1;
    const [stepX, stepY] = [(34 * across) / length, (34 * down) / length];
    const [left, top] = [this.sx(x), this.sy(y)];
    return `M${(left - stepX).toFixed(1)} ${(top - stepY).toFixed(1)}L${(left + stepX).toFixed(1)} ${(top + stepY).toFixed(1)}`;
  }

  // Training rows near the plane; jitter spreads those of one level.
  drawNearby(nearby, groups) {
    groups.forEach(({ rows }, k) => {
      let dots = "";
      for (const row of rows) dots += this.dots[row] || this.makeDot(nearby, row);
      this.shades[k].setAttribute("d", dots);
    });
  }

  makeDot(nearby, row) {
    const value = nearby.columns[this.index][row];
    const x = this.sx(this.words ? value + 0.3 * (((row * 0.618034) % 1) - 0.5) : value);
    this.dots[row] = `M${x.toFixed(1)} ${this.sy(nearby.target(row, this.output)).toFixed(1)}h0`;
    return this.dots[row];
  }

  drawRemembered(settings, values) {
    const inside = (value) => value >= this.x[0] && value <= this.x[1];
    const dots = settings.map((value, k) => !inside(value) ? "" : `M${this.sx(value).toFixed(1)} ${this.sy(values[k]).toFixed(1)}h0`);
    this.remembered.setAttribute("d", dots.join(""));
  }

  describe(text) {
    this.svg.setAttribute("aria-label", text);
  }
}

"use strict";
// One small plot of the profiler's grid: an output, or the probabilities of several classes, along one input, the others
// as they are. It holds its nodes and only moves them, so that dozens of plots follow a slider. The y axis is that of the
// outputs, the same for all inputs.

const PLOT_HEIGHT = 146;
const PADDING = 8; // above and below the curve

class SmallPlot {
  // Of several outputs `slots` says by output which colour its curve has.
  constructor(point, index, outputs, onPick, slots = null) {
    Object.assign(this, { point, index, outputs, slots, output: outputs[0] });
    this.input = point.live.inputs[index];
    this.words = this.input.kind === "words";
    const path = (className) => svgElement("path", { class: className });
    this.grid = path("grid");
    this.outside = path("beyond");
    const near = (k) => SHADES.map((opacity) => svgElement("path", { class: `near${this.colour(k)}`, "stroke-opacity": opacity })).reverse();
    this.shades = outputs.map(near);
    this.band = path(this.words ? "whiskers" : "band");
    this.remembered = path("remembered");
    this.curves = outputs.map((_, k) => path(`${this.words ? "levels" : "curve"}${this.colour(k)}`));
    this.propagated = path("propagated");
    this.here = path("here");
    this.tangent = path("tangent");
    this.mark = svgElement("circle", { class: "mark", r: 5 });
    this.svg = svgElement(
      "svg",
      { class: "small-plot", role: "img", height: PLOT_HEIGHT, "aria-label": `A curve over ${this.input.name}` },
      [this.grid, this.outside, this.shades, this.band, this.remembered, this.curves, this.tangent],
      [this.here, this.propagated, this.mark],
    );
    if (onPick) this.followPointer(onPick);
  }

  // What the stylesheet calls the colour of the k-th output; its only one has none of its own.
  colour(k) {
    return this.slots ? ` class-${this.slots.indexOf(this.outputs[k])}` : "";
  }

  // Of several outputs the one that is largest: it has the mark, the tangent and the slope.
  leading({ y }) {
    return this.outputs.reduce((largest, output) => (y[output] > y[largest] ? output : largest));
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

  // Of every output {y, lower, upper} at xs.
  drawCurves(xs, values) {
    values.forEach(({ y, lower, upper }, k) => this.drawCurve(this.curves[k], xs, y, lower, upper));
  }

  // A curve through (xs, ys); lower and upper, where there are intervals, bound its band.
  drawCurve(curve, xs, ys, lower, upper) {
    if (this.words) return this.drawLevels(curve, xs, ys, lower, upper);
    let line = "", above = "", below = "";
    for (let k = 0; k < xs.length; k++) {
      const x = this.sx(xs[k]).toFixed(1);
      line += `${k ? "L" : "M"}${x} ${this.sy(ys[k]).toFixed(1)}`;
      if (!lower) continue;
      above += `${k ? "L" : "M"}${x} ${this.sy(upper[k]).toFixed(1)}`;
      below = `L${x} ${this.sy(lower[k]).toFixed(1)}${below}`;
    }
    curve.setAttribute("d", line);
    this.band.setAttribute("d", lower ? `${above}${below}Z` : "");
  }

  drawLevels(curve, xs, ys, lower, upper) {
    let dots = "", whiskers = "";
    for (let k = 0; k < xs.length; k++) {
      const x = this.sx(xs[k]).toFixed(1);
      dots += `M${x} ${this.sy(ys[k]).toFixed(1)}h0`;
      if (lower) whiskers += `M${x} ${this.sy(lower[k]).toFixed(1)}V${this.sy(upper[k]).toFixed(1)}`;
    }
    curve.setAttribute("d", dots);
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

  // Training rows near the plane; jitter spreads those of one level. Of classes each lies at the top, in its class's
  // colour, where jitter spreads all.
  drawNearby(nearby, groups) {
    this.outputs.forEach((output, place) => {
      groups.forEach(({ rows }, k) => {
        const own = this.slots ? rows.filter((row) => nearby.target(row, output) > 0.5) : rows;
        let dots = "";
        for (const row of own) dots += this.dots[row] || this.makeDot(nearby, row);
        this.shades[place][k].setAttribute("d", dots);
      });
    });
  }

  makeDot(nearby, row) {
    const value = nearby.columns[this.index][row], jitter = (row * 0.618034) % 1;
    const x = this.sx(this.words ? value + 0.3 * (jitter - 0.5) : value);
    const y = this.slots ? 2 + PADDING * ((row * 0.7548777) % 1) : this.sy(nearby.target(row, this.output));
    this.dots[row] = `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
    return this.dots[row];
  }

  // Settings that were kept, each with what the model said there.
  drawRemembered(kept) {
    const there = kept.map(({ settings, summary }) => [settings[this.index], summary.y]);
    const inside = there.filter(([value]) => value >= this.x[0] && value <= this.x[1]);
    const dots = inside.flatMap(([value, y]) => this.outputs.map((output) => `M${this.sx(value).toFixed(1)} ${this.sy(y[output]).toFixed(1)}h0`));
    this.remembered.setAttribute("d", dots.join(""));
  }

  describe(text) {
    this.svg.setAttribute("aria-label", text);
  }
}

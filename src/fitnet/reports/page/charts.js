"use strict";
// One pair of axes with marks. Text keeps its size: a plot is drawn for the width it is shown at, and shrinks where the
// paper is narrower. Thousands of dots lie on a canvas beneath the drawing.

const TEXT_HEIGHT = 12;
const DOTS_AS_NODES = 1500;
const measuring = document.createElement("canvas").getContext("2d");

/** The width in pixels of a text of the charts. */
function textWidth(text) {
  measuring.font = `${TEXT_HEIGHT}px system-ui, sans-serif`;
  return measuring.measureText(text).width;
}

/** A text that fits into `width` pixels: whole, or with its middle left out. */
function fittingText(text, width) {
  let shown = text;
  let characters = Array.from(text).length;
  while (characters > 3 && textWidth(shown) > width) {
    characters = Math.min(characters - 1, Math.floor((characters * width) / textWidth(shown)) + 1);
    shown = shortened(text, Math.max(characters, 3));
  }
  return shown;
}

class Plot {
  /**
   * Axes, empty.
   * @param {Object} options - `width`, `height` in pixels, of the whole plot with its labels; `x`, `y` the [lowest,
   *     highest] of each axis; `xLabel`, `yLabel` the axes' names with units; `title` what stands above (null for none);
   *     `description` what a screen reader says; `xScale`, `yScale` "linear" or "log"; `xTicks`, `yTicks` pairs
   *     [value, text] in the place of round values.
   */
  constructor(options) {
    Object.assign(this, { xScale: "linear", yScale: "linear", title: null, description: "" }, options);
    this.axes = svgElement("g", { class: "axes" });
    this.marks = svgElement("svg", { class: "marks", overflow: "hidden" });
    this.svg = svgElement("svg", { role: "img", class: "drawing" }, this.axes, this.marks);
    this.frame = element("div", { class: "plot-frame" }, this.svg);
    const caption = this.title === null ? null : element("figcaption", {}, this.title);
    this.node = element("figure", { class: "plot" }, caption, this.frame);
    this.clouds = [];
    this.describe(this.description);
    this.setRange(this.x, this.y);
  }

  /** Say another text to screen readers. */
  describe(description) {
    this.svg.setAttribute("aria-label", [this.title, description].filter(Boolean).join(". "));
  }

  /** Draw the axes for other ranges, and take every mark away. */
  setRange(x, y) {
    this.x = widened(x);
    this.y = widened(y);
    this.clear();
    drawAxes(this);
  }

  /** Take every mark away; the axes stay. */
  clear() {
    this.marks.replaceChildren();
    this.clouds = [];
    if (this.canvas) this.canvas.remove();
    this.canvas = null;
  }

  /** Where a value of the x axis lies, in pixels of the drawing. */
  sx(value) {
    return this.left + fraction(value, this.x, this.xScale) * (this.right - this.left);
  }

  /** Where a value of the y axis lies, in pixels of the drawing. */
  sy(value) {
    return this.bottom - fraction(value, this.y, this.yScale) * (this.bottom - this.top);
  }

  /** The value of the x axis at a place in pixels of the drawing. */
  xAt(pixel) {
    const share = (pixel - this.left) / (this.right - this.left);
    if (this.xScale === "log") return this.x[0] * (this.x[1] / this.x[0]) ** share;
    return this.x[0] + share * (this.x[1] - this.x[0]);
  }

  /** The path ("d") through points; values that are no numbers break it. */
  path(xs, ys) {
    let text = "";
    let begun = false;
    for (let i = 0; i < xs.length; i++) {
      const there = ys[i] !== null && Number.isFinite(ys[i]);
      if (there) text += `${begun ? "L" : "M"}${this.sx(xs[i]).toFixed(2)} ${this.held(this.sy(ys[i])).toFixed(2)}`;
      begun = there;
    }
    return text;
  }

  /** The path around a band; every value is a number. */
  bandPath(xs, lower, upper) {
    const there = Array.from(xs).concat(Array.from(xs).reverse());
    return `${this.path(there, Array.from(upper).concat(Array.from(lower).reverse()))}Z`;
  }

  held(pixel) {
    return Math.max(-1e5, Math.min(1e5, pixel)); // browsers draw nothing right where numbers are huge
  }

  mark(tag, attributes, ...children) {
    const node = svgElement(tag, attributes, ...children);
    this.marks.append(node);
    return node;
  }

  line(xs, ys, className = "model") {
    return this.mark("path", { d: this.path(xs, ys), class: `line ${className}` });
  }

  band(xs, lower, upper, className = "model") {
    return this.mark("path", { d: this.bandPath(xs, lower, upper), class: `band ${className}` });
  }

  /** A line from `lower` to `upper` at each x, such as an interval. */
  bars(xs, lower, upper, className = "model") {
    let text = "";
    for (let i = 0; i < xs.length; i++) {
      if (lower[i] === null || upper[i] === null) continue;
      text += `M${this.sx(xs[i]).toFixed(1)} ${this.held(this.sy(lower[i])).toFixed(1)}V${this.held(this.sy(upper[i])).toFixed(1)}`;
    }
    return this.mark("path", { d: text, class: `bars ${className}` });
  }

  /**
   * Dots at points; more than 1,500 (or with `canvas`) are painted.
   * @param {Object} options - `radius` in pixels; `opacities` one a dot; `canvas` true paints few dots too.
   */
  dots(xs, ys, className = "data", { radius = 2.5, opacities = null, canvas = false } = {}) {
    if (canvas || xs.length > DOTS_AS_NODES) return paintDots(this, { xs, ys, className, radius, opacities });
    const group = this.mark("g", { class: `dots ${className}` });
    for (let i = 0; i < xs.length; i++) {
      if (xs[i] === null || ys[i] === null || !Number.isFinite(xs[i]) || !Number.isFinite(ys[i])) continue;
      const place = { cx: this.sx(xs[i]).toFixed(1), cy: this.held(this.sy(ys[i])).toFixed(1), r: radius };
      group.append(svgElement("circle", { ...place, "fill-opacity": opacities ? opacities[i] : null }));
    }
    return group;
  }

  vertical(x, className = "guide") {
    const at = this.sx(x).toFixed(2);
    return this.mark("line", { x1: at, x2: at, y1: this.top, y2: this.bottom, class: `line ${className}` });
  }

  horizontal(y, className = "guide") {
    const at = this.sy(y).toFixed(2);
    return this.mark("line", { x1: this.left, x2: this.right, y1: at, y2: at, class: `line ${className}` });
  }

  /** A text at a point; `anchor` "start", "middle" or "end"; `dx`, `dy` in pixels. */
  text(x, y, words, { className = "note", anchor = "start", dx = 0, dy = 0 } = {}) {
    const place = { x: this.sx(x) + dx, y: this.sy(y) + dy };
    return this.mark("text", { ...place, class: className, "text-anchor": anchor }, words);
  }
}

function widened([low, high]) {
  return high > low ? [low, high] : extent([low, high]);
}

function fraction(value, [low, high], scale) {
  return scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

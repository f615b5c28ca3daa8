"use strict";
// The contour of an output over two inputs, the others as the profiler has them: coarse while something moves, fine once
// it rests. Hatched where the model extrapolates; a click moves the current point.

const COARSE_GRID = 13, FINE_GRID = 41; // points along each axis
const LINES_AT_ONCE = 2; // of the fine grid, that are computed without looking at what the user does
const CONTOUR_RATIO = 0.72, WIDEST_CONTOUR = 760; // height by width; pixels

function startContour(container, report) {
  return new Contour(container, report);
}

class Contour {
  constructor(container, report) {
    this.container = container;
    this.point = currentPointOf(report);
    this.live = report.live;
    const order = inputsByImportance(report);
    const free = (i) => this.live.inputs[i].kind !== "words" && this.point.ranges[i].high > this.point.ranges[i].low;
    this.numbers = order.filter(free);
    container.classList.add("contour");
    if (this.numbers.length < 2) {
      append(container, [element("p", { class: "caption" }, "A contour needs two inputs of numbers that vary; this model has fewer.")]);
      return;
    }
    this.nearby = new NearbyRows(this.live, this.point.rows, order.slice(0, MAIN_INPUTS));
    this.build();
    this.point.subscribe((changed) => this.follow(changed));
    this.watch();
  }

  build() {
    const inputs = this.numbers.map((i) => [i, this.live.inputs[i]]);
    const outputs = this.live.outputs.map((output, k) => [k, output]);
    this.across = this.choice("across", inputs, this.numbers[0]);
    this.up = this.choice("up", inputs, this.numbers[1]);
    this.output = this.choice("contour of", outputs, leadingOutput(this.live, this.point.rows));
    const labels = [["contour of ", this.output], ["across ", this.across], ["up ", this.up]];
    const choices = labels.map(([text, select]) => element("label", {}, text, select));
    this.place = element("div", { class: "contour-place" });
    this.note = element("p", { class: "caption" });
    this.table = element("table");
    const frame = element("div", { class: "scrolled", tabindex: 0, role: "region", "aria-label": "Values of the contour" }, this.table);
    const details = element("details", {}, element("summary", {}, "Values as a table"), frame);
    append(this.container, [element("div", { class: "profiler-tools" }, choices), this.place, this.note, details]);
    this.place.addEventListener("pointerdown", (event) => this.pick(event));
    this.place.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) this.pick(event);
    });
  }

  choice(name, entries, chosen) {
    const options = entries.map(([value, column]) => element("option", { value }, shortened(nameWithUnit(column), 40)));
    const select = element("select", { "aria-label": name, onchange: () => this.change(select) }, options);
    select.value = String(chosen);
    return select;
  }

  // The two inputs stay different: the one that was not chosen takes the other's place.
  change(select) {
    const other = select === this.across ? this.up : this.across;
    if (select !== this.output && select.value === other.value) {
      other.value = String(select === this.across ? this.axes[0] : this.axes[1]);
    }
    this.range = null;
    this.follow(null);
  }

  watch() {
    this.seen = false;
    const looks = new IntersectionObserver(([{ isIntersecting }]) => {
      if (isIntersecting && (!this.seen || this.stale)) this.follow(null);
      this.seen = isIntersecting;
    }, { rootMargin: "200px" });
    looks.observe(this.container);
    this.sizes = new ResizeObserver(() => {
      if (Math.abs(this.container.clientWidth - (this.width || 0)) >= 1) this.follow(null);
    });
    this.sizes.observe(this.container);
    window.addEventListener("beforeprint", () => this.drawForPaper());
    this.follow(null);
  }

  // A move along the contour's own inputs leaves its values as they are.
  follow(changed) {
    this.whole = this.whole || changed === null || !(this.axes || []).includes(changed);
    this.stale = true;
    clearTimeout(this.timer);
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  // The point follows at once; the values wait until the profiler's curves, which matter more, have been drawn.
  draw() {
    this.frame = null;
    if (this.grid && !this.seen) return; // off screen: drawn when it comes into sight
    if (this.grid && this.whole) this.timer = setTimeout(() => this.drawAll(), REST);
    else this.drawAll();
  }

  drawAll() {
    this.stale = false;
    this.width = this.container.clientWidth;
    if (!this.whole) {
      this.drawPoint();
      return;
    }
    this.whole = false;
    this.axes = [Number(this.across.value), Number(this.up.value)];
    clearTimeout(this.timer);
    this.grid = this.gridOf(COARSE_GRID);
    this.grid.fill(0, COARSE_GRID);
    this.show("coarse");
    const fine = this.gridOf(FINE_GRID);
    this.timer = setTimeout(() => this.refine(fine, 0), REST);
  }

  // At once and fine, wherever the window stands.
  drawForPaper() {
    if (!this.stale) return;
    this.whole = true;
    this.drawAll();
    clearTimeout(this.timer);
    const fine = this.gridOf(FINE_GRID);
    fine.fill(0, FINE_GRID);
    this.grid = fine;
    this.show("fine");
  }

  gridOf(points) {
    return new ContourGrid(this.point, this.axes, Number(this.output.value), points);
  }

  refine(fine, first) {
    const end = Math.min(FINE_GRID, first + LINES_AT_ONCE);
    fine.fill(first, end);
    if (end < FINE_GRID) {
      this.timer = setTimeout(() => this.refine(fine, end), 0);
      return;
    }
    this.grid = fine;
    this.show("fine");
    this.fillTable();
  }

  show(detail) {
    const [low, high] = extent(this.grid.z);
    this.range = detail === "fine" || !this.range ? [low, high] : [Math.min(low, this.range[0]), Math.max(high, this.range[1])];
    this.levels = ticks(...this.range, 12);
    const [across, up] = this.axes.map((i) => this.live.inputs[i]);
    const output = this.live.outputs[Number(this.output.value)];
    const width = Math.min(WIDEST_CONTOUR, this.width || WIDEST_CONTOUR);
    const [xScale, yScale] = this.axes.map((i) => this.point.ranges[i].scale);
    const ranges = { x: this.ends(0), y: this.ends(1), xScale, yScale };
    const labels = { xLabel: nameWithUnit(across), yLabel: nameWithUnit(up), title: nameWithUnit(output) };
    this.plot = new Plot({ width, height: Math.round(Math.max(260, width * CONTOUR_RATIO)), ...ranges, ...labels, description: this.description(output) });
    this.plot.frame.prepend(paintedContour(this.plot, this.grid, this.levels));
    drawContourLines(this.plot, this.grid, this.levels);
    this.marks = this.plot.mark("g", {});
    replaceContent(this.place, this.plot.node);
    this.drawPoint();
    this.note.textContent = this.caption();
    this.container.dataset.drawn = detail;
    this.container.dispatchEvent(new CustomEvent("drawn", { detail }));
  }

  ends(axis) {
    const { low, high } = this.point.ranges[this.axes[axis]];
    return [low, high];
  }

  description(output) {
    const { xs, z } = this.grid;
    const [least, most] = [z.indexOf(Math.min(...z)), z.indexOf(Math.max(...z))];
    const where = (k) => `${spokenValue(this.live.inputs[this.axes[0]], xs[k % xs.length])} and ${spokenValue(this.live.inputs[this.axes[1]], this.grid.ys[Math.floor(k / xs.length)])}`;
    return `${output.name} is lowest, ${formatNumber(z[least])}, at ${where(least)}, and highest, ${formatNumber(z[most])}, at ${where(most)}`;
  }

  caption() {
    const outside = this.grid.scores.some((score) => score > 1) ? " Hatched: outside the domain of the training rows, where the model extrapolates." : "";
    const dots = this.nearby.count ? " Dots are training rows, fading with the distance of their other inputs." : "";
    return `All other inputs are as the profiler has them.${outside}${dots} Click or drag to move the current point.`;
  }

  // The training rows near this plane and the current point, over the contour.
  drawPoint() {
    const [across, up] = this.axes;
    this.nearby.measure(this.point.settings);
    const dots = this.nearby.shades(across, up).map(({ opacity, rows }) => {
      const place = (row) => `M${this.plot.sx(this.nearby.columns[across][row]).toFixed(1)} ${this.plot.sy(this.nearby.columns[up][row]).toFixed(1)}h0`;
      const d = rows.map(place).join("");
      return ["near rim", "near"].map((className) => svgElement("path", { class: className, d, "stroke-opacity": opacity }));
    });
    const place = { cx: this.plot.sx(this.point.filled(across)), cy: this.plot.sy(this.point.filled(up)) };
    const mark = svgElement("circle", { ...place, r: 6, class: "mark" });
    replaceContent(this.marks, dots, mark);
  }

  fillTable() {
    const { xs, ys, z } = this.grid;
    const places = [0, 10, 20, 30, 40];
    const [across, up] = this.axes.map((i) => this.live.inputs[i]);
    const corner = element("th", { scope: "col" }, `${nameWithUnit(up)} \\ ${nameWithUnit(across)}`);
    const head = element("tr", {}, corner, places.map((i) => element("th", { scope: "col" }, formatNumber(xs[i]))));
    const lines = places.slice().reverse().map((j) => {
      const cells = places.map((i) => element("td", {}, formatNumber(z[j * xs.length + i])));
      return element("tr", {}, element("th", { scope: "row" }, formatNumber(ys[j])), cells);
    });
    replaceContent(this.table, element("thead", {}, head), element("tbody", {}, lines));
  }

  pick(event) {
    if (!this.plot) return;
    const box = this.plot.svg.getBoundingClientRect();
    const x = this.plot.xAt(((event.clientX - box.left) / box.width) * this.plot.width);
    const pixel = ((event.clientY - box.top) / box.height) * this.plot.height;
    const share = (this.plot.bottom - pixel) / (this.plot.bottom - this.plot.top);
    const y = valueAt(this.ends(1), this.plot.yScale, share);
    const settings = this.point.settings.slice();
    const within = (value, [least, most]) => Math.min(most, Math.max(least, value));
    settings[this.axes[0]] = within(x, this.ends(0));
    settings[this.axes[1]] = within(y, this.ends(1));
    this.point.settings = settings;
    this.point.announce(this.axes[0]);
    this.point.announce(this.axes[1]);
  }
}

"use strict";
// One input's card: its name, a curve of every output shown, and the controls beneath them.

const MOST_LABELS = 8; // words that have room under their dots

class InputCard {
  constructor(profiler, index) {
    Object.assign(this, { profiler, index, point: profiler.point, live: profiler.live });
    this.input = this.live.inputs[index];
    this.controls = new InputControls(this.point, index);
    this.curves = element("div", { class: "curves" });
    const title = element("h4", { title: nameWithUnit(this.input) }, nameElement(this.input.name, this.input.unit));
    this.ends = element("div", { class: "ends", "aria-hidden": true });
    this.node = element("div", { class: "input-card", role: "group", "aria-label": this.input.name }, title, this.curves, this.ends, this.controls.node);
  }

  showOutputs(outputs) {
    const onPick = (value) => this.point.set(this.index, value);
    this.outputs = outputs;
    this.plots = this.profiler.panels().map((panel) => new SmallPlot(this.point, this.index, panel.outputs, onPick, panel.slots));
    this.slopeTexts = this.plots.map(() => element("div", { class: "slope" }));
    replaceContent(this.curves, this.plots.map((plot, k) => [this.slopeTexts[k], plot.svg]));
    this.xs = null;
  }

  place(width) {
    this.width = width;
    this.setAxes();
  }

  // The training range, further where the current value lies beyond it.
  xRange() {
    const { low, high } = this.point.ranges[this.index];
    if (this.input.kind === "words" || !(high > low)) return [low, high > low ? high : low + 1];
    const value = this.point.settings[this.index];
    const reach = 0.04 * (Math.max(high, value) - Math.min(low, value));
    return [value < low ? value - reach : low, value > high ? value + reach : high];
  }

  rangeChanges() {
    const [low, high] = this.xRange();
    return !this.x || low !== this.x[0] || high !== this.x[1];
  }

  setAxes() {
    this.x = this.xRange();
    for (const plot of this.plots) {
      const { range, ticks } = this.profiler.axes.of(plot.outputs);
      plot.place(this.width, this.x, range, ticks);
    }
    this.labelEnds();
  }

  // The ends of the range under the curves; of a few words each under its dots.
  labelEnds() {
    const words = this.input.kind === "words";
    const texts = words ? this.input.levels.map(levelText) : this.x.map((value) => formatNumber(value));
    if (texts.join() === this.labelled) return;
    this.labelled = texts.join();
    this.ends.classList.toggle("of-words", words);
    const few = texts.length <= MOST_LABELS ? texts : [`${texts.length} words`];
    replaceContent(this.ends, few.map((text) => element("bdi", { title: text }, shortened(text, 30))));
  }

  // Where the curve is computed: evenly over the range, and at the current value.
  places(count) {
    if (this.input.kind === "words") return this.input.levels.map((_, level) => level);
    if (this.rangeChanges()) this.x = this.xRange();
    const [low, high] = this.x;
    const scale = low > 0 ? this.point.ranges[this.index].scale : "linear";
    const places = Array.from({ length: count }, (_, k) => valueAt([low, high], scale, k / (count - 1)));
    const value = this.point.settings[this.index];
    if (value > low && value < high) places.push(value);
    return places.sort((a, b) => a - b);
  }

  takeCurves(xs, { y, lower, upper }, row) {
    this.xs = xs;
    const m = this.live.m;
    const column = (values, output) => values && xs.map((_, k) => values[(row + k) * m + output]);
    this.values = this.outputs.map((output) => ({ y: column(y, output), lower: column(lower, output), upper: column(upper, output) }));
  }

  valuesOf(output) {
    return this.values[this.outputs.indexOf(output)];
  }

  // Draw what was computed last again, on the axes as they are now.
  redraw() {
    if (!this.xs || !this.width) return;
    this.setAxes();
    const groups = this.profiler.nearby.shades(this.index);
    for (const plot of this.plots) {
      plot.drawCurves(this.xs, plot.outputs.map((output) => this.valuesOf(output)));
      plot.drawNearby(this.profiler.nearby, groups);
      plot.drawRemembered(this.profiler.remembered.kept);
    }
    this.drawPoint();
  }

  drawPoint() {
    const { state } = this.profiler;
    const words = this.input.kind === "words";
    this.plots.forEach((plot, k) => {
      const output = plot.leading(state);
      const slope = words || Number.isNaN(this.point.settings[this.index]) ? null : state.slopes[output * this.live.p + this.input.columns[0]];
      if (plot.x) plot.drawPoint(this.point.settings[this.index], state.y[output], slope, state.deviations[output]);
      this.slopeTexts[k].textContent = words ? "" : this.slopeText(output, slope);
    });
  }

  slopeText(output, slope) {
    if (slope === null) return `missing: ${formatNumber(this.input.median)} is filled in`;
    const { name, unit } = this.live.outputs[output];
    const of = this.live.ofClasses ? ` of ${nameWithUnit({ name: shortened(name, 14) })}` : "";
    return `slope${of} ${formatNumber(slope, 3)}${perUnit(unit, this.input.unit)}`;
  }

  // Whether the card can be seen after scrolling: it is not in a list that is closed.
  open() {
    return this.profiler.main.includes(this.index) || this.profiler.details.open;
  }

  describe() {
    for (const plot of this.plots) plot.describe(plot.outputs.map((output) => this.description(output)).join(". "));
  }

  description(output) {
    const { name, unit } = this.live.outputs[output];
    const { y } = this.valuesOf(output);
    const [low, high] = [Math.min(...y), Math.max(...y)];
    const value = `${formatNumber(this.profiler.state.y[output])}${unit ? ` ${unit}` : ""}`;
    const here = spokenValue(this.input, this.point.settings[this.index]);
    return `${name} along ${this.input.name}: between ${formatNumber(low)} and ${formatNumber(high)}; at ${here} ${value}`;
  }
}

// The unit of a slope, such as " dB/(m/s)"; nothing where neither the output nor the input has one.
function perUnit(output, input) {
  if (!input) return output ? ` ${output}` : "";
  return ` ${output || "1"}/${/^[^\s/*·]+$/.test(input) ? input : `(${input})`}`;
}

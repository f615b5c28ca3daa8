"use strict";
// Many outputs, such as a spectrum: one curve over the output's index, with its interval, what was measured at the nearest
// training row, and remembered settings. A click chooses the output that the small curves show.

const SPECTRUM_HEIGHT = 260;

class Spectrum {
  constructor(profiler) {
    this.profiler = profiler;
    this.live = profiler.live;
    this.indices = Float64Array.from(this.live.outputs, (_, k) => k);
    this.words = this.live.ofClasses ? "classes" : "outputs";
    this.note = element("p", { class: "caption" });
    this.place = element("div");
    this.node = element("div", { class: "spectrum" }, this.place, this.note);
    this.place.addEventListener("click", (event) => this.pick(event));
  }

  ticksOfIndex() {
    const count = Math.max(2, Math.floor(this.width / 110));
    const places = ticks(0, this.live.m - 1, count).filter(Number.isInteger);
    return places.map((k) => [k, fittingText(this.live.outputs[k].name, 90)]);
  }

  makePlot(y) {
    this.width = Math.max(280, this.node.clientWidth);
    const units = new Set(this.live.outputs.map(({ unit }) => unit || ""));
    const unit = units.size === 1 ? [...units][0] : "";
    const labels = { xLabel: this.live.ofClasses ? "class" : "output", yLabel: this.live.ofClasses ? "probability" : unit ? `prediction [${unit}]` : "prediction" };
    const axes = { x: [0, this.live.m - 1], y, xTicks: this.ticksOfIndex() };
    this.plot = new Plot({ width: this.width, height: SPECTRUM_HEIGHT, ...axes, ...labels, title: `All ${this.words} at the current point` });
    replaceContent(this.place, this.plot.node);
  }

  // The range of everything drawn, which widens as needed and never narrows while one looks.
  rangeFor(lists) {
    const range = extent(lists.flatMap((list) => Array.from(list)), 0.03);
    if (!this.range || range[0] < this.range[0] || range[1] > this.range[1]) {
      const [low, high] = this.range || range;
      this.range = [Math.min(low, range[0]), Math.max(high, range[1])];
      return true;
    }
    return false;
  }

  draw() {
    const { state, nearby, remembered, shown } = this.profiler;
    const row = nearby.nearest();
    const measured = row < 0 ? null : this.indices.map((k) => nearby.target(row, k));
    const lists = [state.y, state.lower || [], state.upper || [], measured || []];
    const wider = this.rangeFor(lists);
    if (!this.plot || wider || Math.abs(this.width - this.node.clientWidth) > 1) this.makePlot(this.range);
    this.plot.clear();
    if (state.lower) this.plot.band(this.indices, state.lower, state.upper);
    if (measured) this.plot.dots(this.indices, measured, "data", { radius: 2 });
    for (const { summary } of remembered.kept) this.plot.line(this.indices, summary.y, "second");
    this.plot.line(this.indices, state.y);
    for (const output of shown) this.plot.vertical(output);
    this.plot.dots(shown, shown.map((output) => state.y[output]), "model", { radius: 4.5 });
    this.say(state, measured !== null);
  }

  say({ y }, measured) {
    const largest = y.indexOf(Math.max(...y));
    const { name } = this.live.outputs[largest];
    this.plot.describe(`${this.live.m} ${this.words}; the largest is ${name} with ${formatNumber(y[largest])}`);
    const dots = measured ? " Dots: measured at the nearest training row." : "";
    const [line, choice] = this.live.ofClasses ? ["probability", "draw one more class"] : ["prediction", "choose the output of the curves"];
    this.note.textContent = `The line is the ${line} of all ${this.live.m} ${this.words}.${dots} Click to ${choice} below.`;
  }

  pick(event) {
    const box = this.plot.svg.getBoundingClientRect();
    const place = this.plot.xAt(((event.clientX - box.left) / box.width) * this.width);
    const output = Math.min(this.live.m - 1, Math.max(0, Math.round(place)));
    this.profiler.choose(output);
  }
}

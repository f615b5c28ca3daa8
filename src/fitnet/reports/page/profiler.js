"use strict";
// The profiler: the model runs in the page. A card for each input with its curves and its controls beneath them; while a
// slider moves, curves of few points follow in the next frame; once it rests they are drawn fine, card by card.

const FINE_POINTS = 49, COARSE_POINTS = 17, LEAST_POINTS = 7; // of one curve, at rest and while something moves
const MOST_PRODUCTS = 12e6; // multiplications of the model for the curves of one frame; large models get fewer points
const REST = 140; // milliseconds without a change, after which curves are drawn fine
const MOST_CURVES = 3; // outputs shown at first

function startProfiler(container, report) {
  return new Profiler(container, report);
}

class Profiler {
  constructor(container, report) {
    this.point = currentPointOf(report);
    this.live = report.live;
    this.rows = this.point.rows;
    this.products = productsOfRow(this.live);
    const order = inputsByImportance(report);
    this.main = order.slice(0, MAIN_INPUTS);
    this.more = order.slice(MAIN_INPUTS);
    this.many = this.live.m > MAIN_OUTPUTS;
    this.classes = this.live.ofClasses ? new ClassSlots(this.live, this.rows) : null;
    this.shown = this.classes ? this.classes.shown() : this.many ? [leadingOutput(this.live, this.rows)] : this.live.outputs.map((_, k) => k).slice(0, MOST_CURVES);
    this.nearby = new NearbyRows(this.live, this.rows, this.main);
    this.axes = new OutputAxes(this.point, this.rows);
    this.build(container);
    this.point.subscribe((changed) => this.follow(changed));
    this.chooseOutputs(this.shown);
    this.watchWidth();
  }

  build(container) {
    this.container = container;
    this.panel = new PredictionPanel(this.point);
    this.goals = new GoalPanel(this.point, this.rows);
    const summarize = (settings) => stateAt(this.point, settings);
    this.remembered = new RememberedSettings(this.point, this.live.outputs.slice(0, MAIN_OUTPUTS), summarize, () => this.follow(null));
    this.cards = [...this.main, ...this.more].map((index) => new InputCard(this, index));
    this.grid = new CardGrid(this, this.cards.slice(0, this.main.length));
    this.rest = new CardGrid(this, this.cards.slice(this.main.length));
    const summary = element("summary", {}, `${this.more.length} more inputs`);
    this.details = element("details", { class: "more-inputs", ontoggle: () => this.follow(null) }, summary, this.rest.node);
    this.details.hidden = !this.more.length;
    this.spectrum = this.many ? new Spectrum(this) : null;
    container.classList.add("profiler");
    const parts = [this.panel.node, profilerTools(this), this.classes && classLegend(this), this.spectrum && this.spectrum.node, this.grid.node, this.details];
    append(container, [...parts, this.remembered.node, this.goals.node, caption(this)]);
  }

  // The plots of a card, one above the other: what each draws, and what its axis is called.
  panels() {
    if (this.classes) return [{ outputs: this.shown, name: "probability", slots: this.classes.slots }];
    return this.shown.map((output) => ({ outputs: [output], name: nameWithUnit(this.live.outputs[output]), slots: null }));
  }

  // Show an output that was chosen among many: alone, or one more class.
  choose(output) {
    if (this.classes) this.classes.add(output);
    this.chooseOutputs(this.classes ? this.classes.shown() : [output]);
    this.container.dispatchEvent(new CustomEvent("output-chosen"));
  }

  chooseOutputs(outputs) {
    this.shown = outputs;
    this.panel.show(this.many ? outputs : this.live.outputs.map((_, k) => k));
    for (const card of this.cards) card.showOutputs(outputs);
    this.layout();
  }

  // Whenever the width changes, as many cards stand side by side as there is room for.
  watchWidth() {
    this.onScreen = new Set(this.cards.slice(0, this.main.length));
    const looks = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const card = this.cards.find(({ node }) => node === target);
        if (!isIntersecting) this.onScreen.delete(card);
        else if (!this.onScreen.has(card)) this.onScreen.add(card).size && this.schedule();
      }
    }, { rootMargin: "100px" });
    for (const card of this.cards) looks.observe(card.node);
    this.sizes = new ResizeObserver(() => {
      if (Math.abs(this.container.clientWidth - this.width) >= 1) this.layout();
    });
    this.sizes.observe(this.container);
  }

  layout() {
    this.width = this.container.clientWidth;
    this.grid.layout(this.width);
    this.rest.layout(this.width);
    this.schedule();
  }

  follow(changed) {
    this.changed = this.changed === undefined || this.changed === changed ? changed : null;
    this.schedule();
  }

  schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.drawCoarse();
    });
  }

  // The current values at once, then the curves on screen; the curve along the input that moves stays as it is.
  drawCoarse() {
    const moved = this.changed;
    this.changed = undefined;
    this.state = stateAt(this.point);
    this.panel.update(this.state);
    for (const card of this.cards) if (typeof moved !== "number" || moved === card.index) card.controls.update();
    this.nearby.measure(this.point.settings);
    const cards = this.cards.filter((card) => this.onScreen ? this.onScreen.has(card) : this.main.includes(card.index));
    for (const card of cards) if (card.index === moved && card.xs && !card.rangeChanges()) card.kept = true;
    const drawn = cards.filter((card) => !card.kept);
    drawCards(this, drawn, this.coarsePoints(drawn.length));
    for (const card of cards) card.drawPoint();
    for (const card of cards) card.kept = false;
    if (this.spectrum) this.spectrum.draw();
    this.tell("coarse");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refine([...this.cards].filter((card) => card.open())), REST);
  }

  coarsePoints(cards) {
    const points = Math.floor(MOST_PRODUCTS / (this.products * Math.max(1, cards)));
    return Math.min(COARSE_POINTS, Math.max(LEAST_POINTS, points));
  }

  // Fine curves, card by card, so that a slider that moves again waits for one card at most.
  refine(left) {
    if (!left.length) {
      this.settle();
      return;
    }
    drawCards(this, [left[0]], FINE_POINTS);
    left[0].drawPoint();
    this.timer = setTimeout(() => this.refine(left.slice(1)), 0);
  }

  settle() {
    if (this.axes.fit(this.cards, this.shown)) {
      this.grid.drawAxes();
      this.rest.drawAxes();
      for (const card of this.cards) card.redraw();
    }
    for (const card of this.cards) if (card.open()) card.describe();
    this.panel.speak(this.state);
    this.remembered.update();
    this.tell("fine");
  }

  tell(detail) {
    this.container.dataset.drawn = detail;
    this.container.dispatchEvent(new CustomEvent("drawn", { detail }));
  }
}

// How many multiplications the model makes for one row, those of its error bars included.
function productsOfRow({ branches, intervals, m }) {
  const weights = branches.flatMap(({ layers }) => layers.map((layer) => layer.weights.length));
  const errors = intervals && intervals.errors ? (m * intervals.errors.parameters ** 2) / 2 : 0;
  return weights.reduce((sum, count) => sum + count, 1 + errors);
}

// Compute the curves of several cards in one call of the model, and draw them.
function drawCards(profiler, cards, count) {
  const { live, point } = profiler;
  const lists = cards.map((card) => card.places(count));
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  if (!total) return;
  const X = new Float64Array(total * live.p);
  const settings = point.settings.slice();
  let row = 0;
  cards.forEach((card, k) => {
    for (const value of lists[k]) {
      settings[card.index] = value;
      X.set(live.row(settings), live.p * row++);
    }
    settings[card.index] = point.settings[card.index];
  });
  const found = (point.coverage === null ? null : live.interval(X, total, point.coverage)) || { y: live.predict(X, total) };
  row = 0;
  cards.forEach((card, k) => {
    card.takeCurves(lists[k], found, row);
    row += lists[k].length;
  });
  if (profiler.axes.widen(cards, profiler.shown)) {
    profiler.grid.drawAxes();
    profiler.rest.drawAxes();
    cards = profiler.cards;
  }
  for (const card of cards) card.redraw();
}

"use strict";
// Cards side by side, as many as there is room for. Every line of cards begins with the outputs' axes, which its curves
// share.

const AXIS_WIDTH = 62, LEAST_CARD = 176, GAP = 10; // pixels

class CardGrid {
  constructor(profiler, cards) {
    Object.assign(this, { profiler, cards, strips: [] });
    this.node = element("div", { class: "card-grid" });
  }

  layout(width) {
    if (!this.cards.length || width < 2 * AXIS_WIDTH) return; // a part that is not shown has no room
    const room = Math.floor((width - AXIS_WIDTH) / (LEAST_CARD + GAP));
    const most = Math.max(1, Math.min(room, this.cards.length));
    const lines = Math.ceil(this.cards.length / most);
    const across = Math.max(1, Math.min(most, Math.max(Math.ceil(this.cards.length / lines), Math.min(most, 4))));
    const cardWidth = Math.min(380, Math.floor((width - AXIS_WIDTH) / across) - GAP);
    this.node.style.setProperty("--columns", `${AXIS_WIDTH}px repeat(${across}, ${cardWidth}px)`);
    this.arrange(across);
    for (const card of this.cards) card.place(cardWidth);
    this.drawAxes();
    for (const card of this.cards) if (card.xs) card.redraw();
  }

  arrange(across) {
    if (this.across === across && this.outputs === this.profiler.shown) return;
    Object.assign(this, { across, outputs: this.profiler.shown });
    this.strips = [];
    const children = this.cards.flatMap((card, k) => {
      if (k % across) return [card.node];
      const strip = new AxisStrip(this.profiler);
      this.strips.push(strip);
      return [strip.node, card.node];
    });
    replaceContent(this.node, children);
  }

  drawAxes() {
    for (const strip of this.strips) strip.draw();
  }
}

// The y axes at the left of one line of cards: for each output its name and round values.
class AxisStrip {
  constructor(profiler) {
    this.profiler = profiler;
    this.axes = profiler.panels().map(({ outputs, name }) => ({
      outputs,
      name,
      svg: svgElement("svg", { class: "axis-strip", width: AXIS_WIDTH, height: PLOT_HEIGHT, "aria-hidden": true }),
    }));
    const parts = this.axes.map(({ svg }) => [element("div", { class: "slope" }), svg]);
    this.node = element("div", { class: "axis-column" }, element("div", { class: "heading-space" }), parts);
  }

  draw() {
    for (const { outputs, name: words, svg } of this.axes) {
      const { range, ticks: values } = this.profiler.axes.of(outputs);
      const texts = tickTexts(values);
      const y = (value) => PLOT_HEIGHT - PADDING - ((value - range[0]) / (range[1] - range[0])) * (PLOT_HEIGHT - 2 * PADDING);
      const labels = values.map((value, k) => {
        const place = { x: AXIS_WIDTH - 4, y: y(value) + 4, "text-anchor": "end" };
        return svgElement("text", place, fittingText(texts[k], AXIS_WIDTH - 22));
      });
      const turned = { class: "axis-name", transform: `translate(12 ${PLOT_HEIGHT / 2}) rotate(-90)`, "text-anchor": "middle" };
      const name = svgElement("text", turned, fittingText(words, PLOT_HEIGHT));
      replaceContent(svg, name, labels);
    }
  }
}

// The range of each output's y axis: what the training targets span, or only what the curves need; always enough for
// the curves. It widens at once, and narrows when the point rests.
class OutputAxes {
  constructor(point, rows) {
    this.fitCurves = false;
    this.targets = point.live.outputs.map((_, output) => (point.live.ofClasses ? [0, 1] : targetRange(rows, output)));
    this.ranges = this.targets.map((range) => range && range.slice());
  }

  // The axis that outputs share.
  of(outputs) {
    const range = extent(outputs.flatMap((output) => this.ranges[output] || [0, 1]));
    return { range, ticks: ticks(range[0], range[1], 5) };
  }

  needed(cards, output, shown) {
    const place = shown.indexOf(output);
    const values = [];
    for (const { values: curves } of cards) {
      if (!curves) continue;
      const { y, lower, upper } = curves[place];
      values.push(...y, ...(lower || []), ...(upper || []));
    }
    return values;
  }

  widen(cards, shown) {
    let changed = false;
    for (const output of shown) {
      const known = this.ranges[output];
      const [low, high] = extent([...this.needed(cards, output, shown), ...(known || [])]);
      if (known && low >= known[0] && high <= known[1]) continue;
      this.ranges[output] = known ? [low, high] : extent([low, high], 0.05);
      changed = true;
    }
    return changed;
  }

  fit(cards, shown) {
    let changed = false;
    for (const output of shown) {
      const wanted = this.fitCurves || !this.targets[output] ? [] : this.targets[output];
      const next = extent([...this.needed(cards, output, shown), ...wanted]);
      const known = this.ranges[output];
      const slack = 0.02 * (next[1] - next[0]);
      if (known && !wanted.length && !this.fitCurves && isRoomy(known, next)) continue;
      if (known && Math.abs(next[0] - known[0]) <= slack && Math.abs(next[1] - known[1]) <= slack) continue;
      this.ranges[output] = next;
      changed = true;
    }
    return changed;
  }
}

// Whether one range holds another without being much too wide, so that an axis may stay as it is.
function isRoomy([low, high], [least, most]) {
  return least >= low && most <= high && most - least > (high - low) / 3;
}

function targetRange(rows, output) {
  if (!rows) return null;
  return extent(targetColumn(rows, output), 0.03);
}

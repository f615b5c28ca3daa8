"use strict";
// Which classes the profiler draws, at most six, each in its colour, and the legend that says so and lets one choose.

const CLASS_COLOURS = 6;

class ClassSlots {
  // At first the class that is likeliest at the start and those that most rows have; of few classes all.
  constructor(live, rows) {
    this.slots = new Array(CLASS_COLOURS).fill(-1); // which output has each colour
    const outputs = live.outputs.map((_, k) => k);
    const counts = outputs.map((k) => (rows ? targetColumn(rows, k).reduce((sum, value) => sum + value, 0) : 0));
    const y = live.predict(live.row(live.start()), 1);
    counts[y.indexOf(Math.max(...y))] = Infinity;
    const frequent = outputs.slice().sort((a, b) => counts[b] - counts[a] || a - b).slice(0, CLASS_COLOURS);
    this.age = frequent.sort((a, b) => a - b); // the one shown for longest first
    this.age.forEach((output, slot) => (this.slots[slot] = output));
  }

  shown() {
    return this.slots.filter((output) => output >= 0).sort((a, b) => a - b);
  }

  // Show one more; where there is no colour left, that which has been shown for longest goes.
  add(output) {
    if (this.slots.includes(output)) return;
    if (!this.slots.includes(-1)) this.slots[this.slots.indexOf(this.age.shift())] = -1;
    this.slots[this.slots.indexOf(-1)] = output;
    this.age.push(output);
  }

  // Show one less; one stays.
  remove(output) {
    if (this.age.length === 1) return;
    this.slots[this.slots.indexOf(output)] = -1;
    this.age.splice(this.age.indexOf(output), 1);
  }
}

/** Boxes with the colours of the classes: of all, where they are few, else of those shown, and a choice among all. */
function classLegend(profiler) {
  const { classes, live } = profiler;
  const boxes = element("span", { class: "output-boxes", role: "group", "aria-label": "Classes with curves" });
  const few = live.m <= MAIN_OUTPUTS;
  const draw = () => replaceContent(boxes, (few ? live.outputs.map((_, k) => k) : classes.shown()).map(box));
  const box = (output) => {
    const slot = classes.slots.indexOf(output);
    const change = () => {
      if (input.checked) classes.add(output);
      else classes.remove(output);
      profiler.chooseOutputs(classes.shown());
      draw();
      (boxes.querySelector(`input[value="${output}"]`) || boxes.querySelector("input")).focus();
    };
    const input = element("input", { type: "checkbox", checked: slot >= 0, onchange: change });
    input.setAttribute("value", output);
    return element("label", {}, input, " ", swatch(slot), " ", nameElement(shortened(live.outputs[output].name, 30)));
  };
  draw();
  profiler.container.addEventListener("output-chosen", draw);
  return element("div", { class: "class-legend" }, boxes, few ? null : classSelect(profiler));
}

function classSelect(profiler) {
  const options = profiler.live.outputs.map((output, k) => element("option", { value: k }, shortened(output.name, 40)));
  const select = element("select", { "aria-label": "one more class", onchange: () => profiler.choose(Number(select.value)) }, options);
  return element("label", {}, "one more ", select);
}

/** A short line in the colour of a curve; an empty one where there is none. */
function swatch(slot) {
  const line = slot < 0 ? null : svgElement("line", { x1: 0, x2: 18, y1: 6, y2: 6, class: `curve class-${slot}` });
  return svgElement("svg", { class: "swatch", width: 18, height: 12, "aria-hidden": true }, line);
}

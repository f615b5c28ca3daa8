"use strict";
// The line that asks for an optimum: which outputs to maximise, minimise or bring to a value, and what was found.

const SLICE = 12; // milliseconds of a search between two looks at what the user does

class GoalPanel {
  constructor(point, rows) {
    this.point = point;
    this.rows = rows;
    this.lines = [];
    this.list = element("div", { class: "goal-lines" });
    this.inside = element("input", { type: "checkbox", checked: true });
    this.button = element("button", { type: "button", class: "primary", onclick: () => this.toggle() }, "Find");
    this.back = element("button", { type: "button", hidden: true, onclick: () => this.goBack() }, "Undo");
    this.found = element("p", { class: "found", "aria-live": "polite" });
    const hasDomain = point.live.domainScore(point.row()) !== null;
    const inside = hasDomain ? element("label", {}, this.inside, " stay inside the domain") : null;
    const more = element("button", { type: "button", onclick: () => this.addLine() }, "Add a goal");
    const buttons = element("div", { class: "goal-buttons" }, inside, this.button, point.live.m > 1 ? more : null, this.back);
    this.node = element("fieldset", { class: "goals" }, element("legend", {}, "Find the best settings"), element("div", { class: "goal-row" }, this.list, buttons), this.found);
    this.addLine();
  }

  addLine() {
    const taken = this.lines.map(({ output }) => Number(output.value));
    const free = taken.length ? this.point.live.outputs.findIndex((_, k) => !taken.includes(k)) : leadingOutput(this.point.live, this.rows);
    if (free < 0) return;
    const kinds = [["maximise", "maximise"], ["minimise", "minimise"], ["target", "bring to a value"]];
    const options = kinds.map(([value, text]) => element("option", { value }, text));
    const outputs = this.point.live.outputs.map((output, k) => element("option", { value: k }, shortened(nameWithUnit(output), 40)));
    const kind = element("select", { "aria-label": "Goal", onchange: () => (value.hidden = kind.value !== "target") }, options);
    const output = element("select", { "aria-label": "Output" }, outputs);
    const value = element("input", { type: "number", step: "any", "aria-label": "Value to reach", hidden: true });
    output.value = String(free);
    value.value = plainNumber(this.point.live.predict(this.point.row(), 1)[free], 4);
    const line = { kind, output, value, node: element("div", { class: "goal" }, kind, " ", output, " ", value) };
    if (this.lines.length) {
      const remove = () => {
        this.lines = this.lines.filter((other) => other !== line);
        line.node.remove();
      };
      line.node.append(element("button", { type: "button", class: "small", onclick: remove }, "remove"));
    }
    this.lines.push(line);
    this.list.append(line.node);
  }

  goals() {
    return this.lines.map(({ kind, output, value }) => {
      const index = Number(output.value);
      return { output: index, kind: kind.value, value: Number(value.value), scale: this.scaleOf(index) };
    });
  }

  // The standard deviation of an output's targets, so that goals of several outputs weigh alike.
  scaleOf(output) {
    return this.rows ? deviationOf(targetColumn(this.rows, output)) : 1;
  }

  toggle() {
    if (this.running) {
      this.running = null;
      this.finish(null);
      return;
    }
    this.before = this.point.settings.slice();
    this.asked = this.goals();
    this.running = new OptimumSearch(this.point, this.asked, this.rows, this.inside.checked).run();
    this.button.textContent = "Stop";
    this.found.textContent = "Searching …";
    this.work(this.running);
  }

  work(search) {
    const end = performance.now() + SLICE;
    while (this.running === search && performance.now() < end) {
      const { value, done } = search.next();
      if (done) {
        this.running = null;
        this.finish(value);
        return;
      }
      if (value !== null) this.found.textContent = `Searching … ${Math.round(100 * value)} %`;
    }
    if (this.running === search) setTimeout(() => this.work(search), 0);
  }

  finish(result) {
    this.button.textContent = "Find";
    if (!result) this.found.textContent = "Stopped.";
    else if (!result.feasible) this.found.textContent = "No point inside the domain has the locked inputs as they are.";
    else {
      this.back.hidden = false;
      this.point.setAll(result.settings);
      this.found.textContent = this.sentence();
    }
    this.node.dispatchEvent(new CustomEvent("searched", { bubbles: true }));
  }

  sentence() {
    const { live, ranges, locked, settings } = this.point;
    const before = live.predict(this.point.row(this.before), 1).slice();
    const now = live.predict(this.point.row(), 1);
    const changes = this.asked.map(({ output, kind, value }) => {
      const { name, unit } = live.outputs[output];
      const wanted = kind === "target" ? ` (wanted ${formatNumber(value)})` : "";
      return `${name} from ${formatNumber(before[output])} to ${formatNumber(now[output])}${unit ? ` ${unit}` : ""}${wanted}`;
    });
    const named = (test) => live.inputs.filter((input, i) => test(i, input)).map((input) => input.name);
    const ends = named((i, input) => input.kind !== "words" && !locked[i] && (settings[i] <= ranges[i].low || settings[i] >= ranges[i].high));
    const kept = named((i) => locked[i]);
    const atEnds = ends.length ? ` At an end of the training range: ${listed(ends)}.` : "";
    return `${changes.join("; ")}.${atEnds}${kept.length ? ` Locked: ${listed(kept)}.` : ""}`;
  }

  goBack() {
    this.back.hidden = true;
    this.found.textContent = "";
    this.point.setAll(this.before);
  }
}

function listed(names) {
  return names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}

"use strict";
// Remembered settings side by side: what each input was, and what the model said there, beside the current point.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

class RememberedSettings {
  constructor(point, outputs, summarize, onChange) {
    Object.assign(this, { point, outputs, summarize, onChange });
    this.kept = []; // {name, settings, summary}
    this.made = 0;
    this.table = element("table", { class: "remembered-table" });
    const frame = { class: "scrolled", tabindex: 0, role: "region", "aria-label": "Remembered settings" };
    this.node = element("div", { class: "remembered-settings", hidden: true }, element("div", frame, this.table));
  }

  remember() {
    const letter = LETTERS[this.made % 26] + (this.made >= 26 ? Math.floor(this.made / 26) : "");
    this.made++;
    const settings = this.point.settings.slice();
    this.kept.push({ name: letter, settings, summary: this.summarize(settings) });
    this.draw();
    this.onChange();
    return letter;
  }

  forget(entry) {
    this.kept = this.kept.filter((other) => other !== entry);
    this.draw();
    this.onChange();
  }

  // Draw the whole table; `update` follows the current point alone.
  draw() {
    this.node.hidden = !this.kept.length;
    const names = this.kept.map((entry) => this.heading(entry));
    const head = element("tr", {}, element("td", {}), element("th", { scope: "col" }, "now"), names);
    const inputs = this.point.live.inputs.map((input, i) => this.inputRow(input, i));
    this.outputCells = this.outputs.map(() => element("td", { class: "now" }));
    const outputs = this.outputs.map((output, k) => this.outputRow(output, k));
    replaceContent(this.table, element("thead", {}, head), element("tbody", {}, outputs), element("tbody", {}, inputs));
    this.update();
  }

  heading(entry) {
    const use = () => this.point.setAll(entry.settings);
    const rename = () => {
      entry.name = field.value.trim() || entry.name;
    };
    const field = element("input", { class: "setting-name", value: entry.name, "aria-label": "Name", oninput: rename });
    const button = (text, onclick) => {
      const label = `${text} setting ${entry.name}`;
      return element("button", { type: "button", class: "small", onclick, "aria-label": label }, text);
    };
    return element("th", { scope: "col" }, field, element("div", {}, button("use", use), button("forget", () => this.forget(entry))));
  }

  inputRow(input, i) {
    const name = element("th", { scope: "row", title: input.name }, nameElement(shortened(input.name, 40), input.unit));
    const now = element("td", { class: "now", "data-input": i });
    const cells = this.kept.map(({ settings }) => element("td", {}, this.valueText(i, settings[i])));
    return element("tr", {}, name, now, cells);
  }

  valueText(i, value) {
    const input = this.point.live.inputs[i];
    return input.kind === "words" ? shortened(levelText(input.levels[value]), 24) : formatNumber(value);
  }

  outputRow(output, k) {
    const name = element("th", { scope: "row", title: output.name }, nameElement(shortened(output.name, 40), output.unit));
    const cells = this.kept.map(({ summary }) => element("td", {}, summaryText(summary, k)));
    return element("tr", { class: "outcome" }, name, this.outputCells[k], cells);
  }

  update() {
    if (!this.kept.length) return;
    const summary = this.summarize(this.point.settings);
    this.outputCells.forEach((cell, k) => replaceContent(cell, summaryText(summary, k)));
    for (const cell of this.table.querySelectorAll("td[data-input]")) {
      const i = Number(cell.dataset.input);
      cell.textContent = this.valueText(i, this.point.settings[i]);
    }
  }
}

// A prediction with its interval beneath it.
function summaryText({ y, lower, upper }, k) {
  const interval = lower ? element("div", { class: "interval" }, `${formatNumber(lower[k])} to ${formatNumber(upper[k])}`) : null;
  return [element("div", {}, formatNumber(y[k])), interval];
}

"use strict";
// What moves one input: a slider whose thumb lies under the current value of its curve, a number field or a choice of
// words, a lock, and the standard deviation of the input.

const THUMB = 18; // pixels: the width of a slider's thumb, so the plot above is inset by half of it

class InputControls {
  constructor(point, index) {
    this.point = point;
    this.index = index;
    this.input = point.live.inputs[index];
    this.range = point.ranges[index];
    this.name = nameWithUnit(this.input);
    const words = this.input.kind === "words";
    this.slider = words ? null : this.madeSlider();
    this.field = words ? this.madeChoice() : this.madeNumberField();
    this.lock = this.madeLock();
    this.sigma = words ? null : this.madeSigma();
    const unit = this.input.unit ? element("span", { class: "unit", "aria-hidden": true }, this.input.unit) : null;
    this.node = element(
      "div",
      { class: "input-controls" },
      element("div", { class: "track" }, this.slider || element("span", { class: "no-slider" })),
      element("div", { class: "entry" }, this.field, unit, this.lock),
      this.sigma ? element("label", { class: "sigma" }, "σ ", this.sigma, unit ? unit.cloneNode(true) : null) : null,
    );
    this.update();
  }

  madeSlider() {
    const { low, high, step, scale } = this.range;
    const log = scale === "log"; // then the slider counts steps along the logarithmic axis
    return element("input", {
      type: "range",
      min: log ? 0 : low,
      max: log ? SLIDER_STEPS : high,
      step: log ? 1 : step,
      "aria-label": this.name,
      disabled: !(high > low),
      oninput: () => {
        const moved = Number(this.slider.value);
        this.point.set(this.index, log ? valueAt([low, high], scale, moved / SLIDER_STEPS) : moved);
      },
    });
  }

  madeNumberField() {
    return element("input", {
      type: "number",
      step: "any",
      "aria-label": `${this.name}, number`,
      placeholder: this.input.median === undefined ? null : "missing",
      class: "number",
      oninput: () => {
        const empty = this.field.value.trim() === "";
        this.point.set(this.index, empty ? NaN : Number(this.field.value)); // one that cannot be missing stays as it was
      },
      onchange: () => this.update(true),
    });
  }

  madeChoice() {
    const options = this.input.levels.map((level, k) => element("option", { value: k }, shortened(levelText(level), 60)));
    const onchange = () => this.point.set(this.index, Number(this.field.value));
    return element("select", { "aria-label": this.name, onchange }, options);
  }

  madeLock() {
    const toggle = () => {
      this.point.locked[this.index] = !this.point.locked[this.index];
      this.update();
    };
    const label = `Lock ${this.input.name}`;
    const title = "Locked inputs stay as they are in a search for an optimum";
    return element("button", { type: "button", class: "lock", "aria-label": label, title, onclick: toggle });
  }

  madeSigma() {
    return element("input", {
      type: "number",
      min: 0,
      step: "any",
      placeholder: "0",
      "aria-label": `Standard deviation of ${this.name}`,
      oninput: () => {
        const value = Number(this.sigma.value);
        this.point.sigmas[this.index] = Number.isFinite(value) && value > 0 ? value : 0;
        this.point.announce();
      },
    });
  }

  // A ten thousandth of the range is as fine as a field shows a number.
  shortNumber(value) {
    const size = this.range.scale === "log" ? Math.abs(value) : this.range.high - this.range.low;
    const digits = Math.ceil(Math.log10(Math.abs(value) / size)) + 5;
    return plainNumber(value, Number.isFinite(digits) ? Math.min(15, Math.max(1, digits)) : 6);
  }

  // Show the point's value; a field that one types in is left alone until it is left, unless `always`.
  update(always = false) {
    const value = this.point.settings[this.index];
    const filled = this.point.filled(this.index);
    const locked = this.point.locked[this.index];
    this.lock.setAttribute("aria-pressed", locked);
    this.lock.textContent = locked ? "locked" : "lock";
    this.node.classList.toggle("locked", locked);
    if (this.slider) {
      const { low, high, scale } = this.range;
      const share = scale === "log" && filled > 0 ? shareOf([low, high], scale, filled) : 0;
      this.slider.value = scale === "log" ? SLIDER_STEPS * share : filled;
      this.slider.setAttribute("aria-valuetext", spokenValue(this.input, value));
    }
    if (!this.slider) this.field.value = String(value);
    else if (always || document.activeElement !== this.field) {
      this.field.value = Number.isNaN(value) ? "" : this.shortNumber(value);
    }
  }
}

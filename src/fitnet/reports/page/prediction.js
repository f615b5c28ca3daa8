"use strict";
// What the model says at the current point: each output's value, large, with its interval and the error that comes from
// the inputs; and whether the point lies where the model has seen rows.

class PredictionPanel {
  constructor(point) {
    this.point = point;
    this.ranges = point.live.outputs.map((_, k) => (point.live.ofClasses ? [0, 1] : targetRange(point.rows, k) || [0, 0]));
    this.values = element("div", { class: "values" });
    this.domain = element("p", { class: "domain-mark" });
    this.spoken = element("p", { class: "spoken", "aria-live": "polite" });
    this.node = element("div", { class: "prediction" }, this.values, this.domain, this.spoken);
  }

  // Which outputs have a place of their own.
  show(outputs) {
    this.shown = outputs.map((index) => {
      const output = this.point.live.outputs[index];
      const cells = {
        number: element("span", { class: "number-large" }),
        interval: element("span", { class: "interval" }),
        errors: element("span", { class: "input-errors" }),
      };
      const unit = output.unit ? element("span", { class: "unit" }, output.unit) : null;
      const name = element("div", { class: "output-name", title: output.name }, nameElement(output.name));
      const value = element("div", { class: "value" }, cells.number, unit);
      return { index, output, ...cells, node: element("div", { class: "outcome" }, name, value, cells.interval, cells.errors) };
    });
    replaceContent(this.values, this.shown.map(({ node }) => node));
    this.node.classList.toggle("many", outputs.length > 3);
    this.node.classList.toggle("of-classes", this.point.live.ofClasses);
  }

  // `state` is what `stateAt` gives for the current point.
  update(state) {
    const likeliest = this.point.live.ofClasses ? state.y.indexOf(Math.max(...state.y)) : -1;
    for (const { index, number, interval, errors, node } of this.shown) {
      node.classList.toggle("likeliest", index === likeliest);
      number.textContent = steadyNumber(state.y[index], this.ranges[index]);
      interval.textContent = intervalText(state, index, this.ranges[index]);
      const deviation = state.deviations[index];
      const source = largestSource(this.point.live.inputs, state.shares[index]);
      errors.textContent = deviation > 0 ? `± ${formatNumber(deviation, 3)} from the inputs (${source})` : "";
    }
    this.markDomain(state);
  }

  markDomain({ score, beyond, worst }) {
    const domain = this.point.live.domain; // without references it is the ranges alone
    const known = domain && domain.references ? "domain of the training rows" : "training ranges";
    const outside = beyond.length > 0 || (score !== null && score > 1);
    this.domain.classList.toggle("outside", outside);
    this.node.classList.toggle("outside", outside);
    this.domain.hidden = score === null && !beyond.length;
    if (!outside) {
      this.domain.textContent = `✓ Inside the ${known}`;
      return;
    }
    const names = beyond.slice(0, 3).map((input) => input.name);
    if (beyond.length > 3) names.push(`${beyond.length - 3} more`);
    const where = names.length ? `${names.join(", ")} beyond the training range` : `no training row is near${worst}`;
    const far = score === null ? "" : ` (score ${formatNumber(score, 3)}; above 1 is outside)`;
    this.domain.textContent = `▲ Outside the domain: ${where}${far}. The model extrapolates here.`;
  }

  // Say the predictions to screen readers: once the point rests, not at every step of a slider.
  speak(state) {
    const parts = this.shown.slice(0, 3).map(({ index, output }) => {
      const unit = output.unit ? ` ${output.unit}` : "";
      return `${output.name} ${formatNumber(state.y[index])}${unit}`;
    });
    const outside = this.domain.classList.contains("outside") ? "; outside the domain" : "";
    this.spoken.textContent = `${parts.join(", ")}${outside}`;
  }
}

// Everything about one point: predictions, slopes, interval, propagated errors, and where it lies.
function stateAt(point, settings = point.settings) {
  const { live } = point;
  const x = point.row(settings);
  const { y, slopes } = live.jacobian(x);
  const interval = point.coverage === null ? null : live.interval(x, 1, point.coverage);
  const errors = propagatedErrors(slopes, live.m, live.p, live.inputs, point.sigmas);
  const bounds = { lower: interval && interval.lower, upper: interval && interval.upper };
  const score = live.domainScore(x);
  const worst = score > 1 ? live.inputs[live.worstInput(x)] : null;
  const place = { score, beyond: point.beyondRanges(settings), worst: worst ? `, ${worst.name} is the furthest off` : "" };
  return { y: Float64Array.from(y), slopes: Float64Array.from(slopes), ...bounds, ...errors, ...place, coverage: point.coverage };
}

function intervalText({ lower, upper, coverage }, k, range) {
  if (!lower) return "";
  return `${formatShare(coverage)} interval ${steadyNumber(lower[k], range)} to ${steadyNumber(upper[k], range)}`;
}

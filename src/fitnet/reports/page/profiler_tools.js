"use strict";
// The profiler's line of buttons: start again, remember, which interval, which outputs, errors of the inputs, axes.

function profilerTools(profiler) {
  const { point, live } = profiler;
  const button = (text, title, onclick) => element("button", { type: "button", title, onclick }, text);
  const reset = button("Reset", "Every input as it was at first; locked ones too", () => point.setAll(point.start));
  const nearest = button("Nearest row", "The training row nearest to these settings", () => {
    const row = profiler.nearby.nearest();
    if (row >= 0) point.setAll(settingsOfRow(live, profiler.rows, row));
  });
  const remember = button("Remember", "Keep these settings in a table", () => profiler.remembered.remember());
  const sigmas = checkbox("errors of the inputs (σ)", (checked) => {
    profiler.container.classList.toggle("with-sigmas", checked);
  });
  const fit = checkbox("fit axes to the curves", (checked) => {
    profiler.axes.fitCurves = checked;
    profiler.follow(null);
  });
  const choices = [coverageChoice(profiler), outputChoice(profiler), sigmas, fit];
  return element("div", { class: "profiler-tools" }, reset, profiler.rows ? nearest : null, remember, choices);
}

function checkbox(text, onChange) {
  const box = element("input", { type: "checkbox", onchange: () => onChange(box.checked) });
  return element("label", {}, box, ` ${text}`);
}

function coverageChoice({ point, live }) {
  if (point.coverage === null) return null;
  const options = live.coverages.map((coverage) => element("option", { value: coverage }, formatShare(coverage)));
  const choose = () => {
    point.coverage = select.value === "none" ? null : Number(select.value);
    point.announce();
  };
  const select = element("select", { "aria-label": "interval", onchange: choose }, options, element("option", { value: "none" }, "none"));
  select.value = String(point.coverage);
  return element("label", {}, "interval ", select);
}

// Of a few outputs, boxes to tick; of many, one to choose.
function outputChoice(profiler) {
  const { outputs, m, ofClasses } = profiler.live;
  if (m <= 1 || ofClasses) return null; // the legend of classes is their choice
  if (m > MAIN_OUTPUTS) {
    const options = outputs.map((output, k) => element("option", { value: k }, shortened(nameWithUnit(output), 40)));
    const select = element("select", { "aria-label": "curves of", onchange: () => profiler.chooseOutputs([Number(select.value)]) }, options);
    select.value = String(profiler.shown[0]);
    profiler.container.addEventListener("output-chosen", () => (select.value = String(profiler.shown[0])));
    return element("label", {}, "curves of ", select);
  }
  const boxes = outputs.map((output, k) => {
    const box = element("input", { type: "checkbox", checked: profiler.shown.includes(k), onchange: () => choose(box) });
    return [box, element("label", {}, box, " ", nameElement(shortened(output.name, 30)))];
  });
  const choose = (changed) => {
    const chosen = boxes.map(([box], k) => (box.checked ? k : -1)).filter((k) => k >= 0);
    if (chosen.length) profiler.chooseOutputs(chosen);
    else changed.checked = true; // one stays
  };
  const legend = element("span", { class: "boxes-title" }, "curves of");
  return element("span", { class: "output-boxes", role: "group", "aria-label": "Outputs with curves" }, legend, boxes.map(([, label]) => label));
}

function caption({ rows, live, more }) {
  const near = !rows ? "" : live.ofClasses ? " Dots at the top are training rows of the class that has their colour: dark where their other inputs are alike, fading with distance." : " Dots are training rows: dark where their other inputs are alike, fading with distance.";
  const band = live.coverages && live.coverages.length ? " The shaded band is the interval for new targets." : "";
  const sigma = " σ is the standard deviation of an input; what it does to the outputs, to first order, stands beside them.";
  const order = more.length ? ` The ${MAIN_INPUTS} inputs that matter most come first.` : "";
  const what = live.ofClasses ? "the probability of a class" : "the model's prediction";
  const which = live.ofClasses ? " of the likeliest class drawn" : "";
  const jumps = live.hasCorners && !live.ofClasses ? " Its curves have corners, where slopes jump: good for predictions, but where slopes matter fit a smooth model (fitnet fit --smooth)." : "";
  const words = `Each curve is ${what} along one input, with the others as they are set. The dashed line is the slope${which} at the current point.${jumps}${band}${near}${sigma}${order}`;
  return element("p", { class: "caption" }, words);
}

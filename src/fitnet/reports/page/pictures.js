"use strict";
// Which picture is drawn where, for which target, and again where the page's width changes.

const PICTURES = {
  ratios: drawRatios,
  parity: drawParity,
  residuals: drawResiduals,
  calibration: drawCalibration,
  importance: drawImportance,
  learning: drawLearning,
  training: drawTraining,
  reliability: drawReliability,
  truths: drawTruths,
};

/** A table with a head and lines of cells. */
function tableOf(head, lines) {
  const cells = (line) => line.map((text, k) => (k === 0 ? element("th", { scope: "row" }, text) : element("td", {}, text)));
  return element(
    "table",
    { class: "numbers small" },
    element("thead", {}, element("tr", {}, head.map((text) => element("th", { scope: "col" }, text)))),
    element("tbody", {}, lines.map((line) => element("tr", {}, cells(line)))),
  );
}

/** Draw all pictures of the first target; again for another one that is chosen, and for another width. */
function startPictures(report) {
  const containers = Array.from(document.querySelectorAll("[data-picture]"));
  const choice = document.getElementById("target");
  const draw = () => {
    const target = choice ? Number(choice.value) : 0;
    for (const container of containers) drawPicture(container, report, target);
    for (const part of document.querySelectorAll(".of-target")) part.hidden = Number(part.dataset.target) !== target;
  };
  if (choice) {
    choice.addEventListener("change", draw);
    choice.parentElement.hidden = false;
  }
  draw();
  redrawForWidth(containers, draw);
}

function drawPicture(container, report, target) {
  const width = container.clientWidth;
  if (width === 0) return;
  container.dataset.width = String(width);
  replaceContent(container, PICTURES[container.dataset.picture](report, target, width));
}

/** Draw again once the width has changed by more than a scroll bar; on paper drawings shrink by themselves. */
function redrawForWidth(containers, draw) {
  let waiting = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      const changed = containers.some((each) => Math.abs(each.clientWidth - Number(each.dataset.width)) > 20);
      if (changed && !window.matchMedia("print").matches) draw();
    });
  });
}

"use strict";
// From the data in the page to what it shows.

/** The report's data, with the rows as numbers and the model that runs here as `live`. */
function openReport() {
  const report = JSON.parse(document.getElementById("payload").textContent);
  for (const held of [report.rows.inputs, report.rows.targets]) held.values = decodedArray(held);
  report.live = report.model.steps ? new LiveModel(report.model) : null;
  return report;
}

/** Start a part of the page that runs the model; what goes wrong in it must not keep others from their work. */
function startLive(id, start, report) {
  const container = document.getElementById(id);
  if (container && report.live) start(container, report);
}

function startPage() {
  if (document.documentElement.dataset.ready) return;
  const report = openReport();
  window.fitnet = report;
  startTheme();
  startPictures(report);
  startLive("profiler-app", startProfiler, report);
  startLive("contour-app", startContour, report);
  document.documentElement.dataset.ready = "yes";
}

// Verdict and tables, which need no script, are painted first.
requestAnimationFrame(() => setTimeout(startPage));
window.addEventListener("beforeprint", startPage);

"use strict";
// Light or dark, as the system says until the reader chooses; paper is always light.

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function showTheme() {
  const button = document.getElementById("theme");
  button.setAttribute("aria-pressed", String(isDark()));
  repaintClouds();
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  showTheme();
}

/** Let the button change the colours, and paint what lies on canvases in the colours of paper while it is printed. */
function startTheme() {
  let before = null;
  document.getElementById("page-controls").hidden = false;
  document.getElementById("theme").addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
  document.getElementById("print").addEventListener("click", () => window.print());
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  window.addEventListener("beforeprint", () => {
    before = document.documentElement.dataset.theme || "";
    setTheme("light");
  });
  window.addEventListener("afterprint", () => setTheme(before));
  showTheme();
}

"use strict";
// How a contour looks: bands of colour between its levels, from dark blue over grey to yellow, which the colour-blind
// tell apart; lines with their values; hatching outside the domain.

const CONTOUR_COLOURS = [[0, 34, 78], [53, 69, 108], [102, 105, 112], [148, 142, 119], [200, 184, 102], [254, 232, 56]];
const PIXELS = 240; // of the painted picture along each axis; the browser smooths it
const HATCHING = 10; // pixels from stripe to stripe

// A canvas with the bands, which lies where the plot's inner frame is.
function paintedContour(plot, { xs, z, scores }, levels) {
  const canvas = element("canvas", { class: "contour-colours", width: PIXELS, height: PIXELS, "aria-hidden": true });
  const share = (part, whole) => `${(100 * part) / whole}%`;
  setStyle(canvas, {
    left: share(plot.left, plot.width),
    top: share(plot.top, plot.height),
    width: share(plot.right - plot.left, plot.width),
    height: share(plot.bottom - plot.top, plot.height),
  });
  const context = canvas.getContext("2d");
  const image = context.createImageData(PIXELS, PIXELS);
  const across = xs.length;
  for (let row = 0; row < PIXELS; row++) {
    const v = (1 - (row + 0.5) / PIXELS) * (across - 1);
    for (let column = 0; column < PIXELS; column++) {
      const u = ((column + 0.5) / PIXELS) * (across - 1);
      const stripe = (row + column) % HATCHING < HATCHING / 3 && between(scores, across, u, v) > 1;
      paintPixel(image.data, 4 * (row * PIXELS + column), bandColour(between(z, across, u, v), levels), stripe);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function paintPixel(data, place, colour, stripe) {
  for (let k = 0; k < 3; k++) data[place + k] = stripe ? 0.45 * colour[k] + 140 : colour[k];
  data[place + 3] = 255;
}

// The colour of the band between two levels that a value lies in.
function bandColour(value, levels) {
  let band = 0;
  while (band < levels.length && value >= levels[band]) band++;
  return colourAt(levels.length ? band / levels.length : 0);
}

function colourAt(share) {
  const place = Math.min(1, Math.max(0, share)) * (CONTOUR_COLOURS.length - 1);
  const k = Math.min(CONTOUR_COLOURS.length - 2, Math.floor(place));
  return CONTOUR_COLOURS[k].map((from, c) => from + (place - k) * (CONTOUR_COLOURS[k + 1][c] - from));
}

function drawContourLines(plot, { xs, ys, z }, levels) {
  const [across, up] = [xs.map((x) => plot.sx(x)), ys.map((y) => plot.sy(y))];
  const texts = tickTexts(levels);
  const taken = [];
  levels.forEach((level, k) => {
    const pieces = contourPieces(across, up, z, level);
    if (!pieces.length) return;
    const path = pieces.map(([x0, y0, x1, y1]) => `M${x0.toFixed(1)} ${y0.toFixed(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}`);
    plot.mark("path", { class: "contour-line", d: path.join(""), "data-level": level });
    const inner = pieces.filter((piece) => insidePlot(plot, piece));
    const place = labelPlace(inner, taken, (plot.right - plot.left) / 2);
    if (!place) return;
    taken.push(place);
    const [x, y] = place;
    plot.mark("text", { x, y: y + 4, class: "contour-text", "text-anchor": "middle" }, texts[k]);
  });
}

function insidePlot(plot, [x, y]) {
  return x > plot.left + 24 && x < plot.right - 24 && y > plot.top + 14 && y < plot.bottom - 10;
}

"use strict";
// Lines of equal value on a grid of rectangles (marching squares). Values lie row by row: z[j * across + i] at
// (xs[i], ys[j]).

// The pieces [[x0, y0, x1, y1], ...] of the line where z is `level`.
function contourPieces(xs, ys, z, level) {
  const pieces = [];
  const across = xs.length;
  for (let j = 0; j + 1 < ys.length; j++) {
    for (let i = 0; i + 1 < across; i++) {
      const corners = [z[j * across + i], z[j * across + i + 1], z[(j + 1) * across + i + 1], z[(j + 1) * across + i]];
      if (corners.every(Number.isFinite)) pieces.push(...piecesOfCell(xs, ys, i, j, corners, level));
    }
  }
  return pieces;
}

// Corners run around the cell: (i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1).
function piecesOfCell(xs, ys, i, j, corners, level) {
  const places = [[xs[i], ys[j]], [xs[i + 1], ys[j]], [xs[i + 1], ys[j + 1]], [xs[i], ys[j + 1]]];
  const crossings = [];
  for (let side = 0; side < 4; side++) {
    const [from, to] = [corners[side], corners[(side + 1) % 4]];
    if (from >= level === to >= level) continue;
    const share = (level - from) / (to - from);
    const [a, b] = [places[side], places[(side + 1) % 4]];
    crossings.push([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
  }
  if (crossings.length === 2) return [[...crossings[0], ...crossings[1]]];
  if (crossings.length < 4) return [];
  // A saddle: what the mean of the corners is decides which two sides belong together.
  const high = (corners[0] + corners[1] + corners[2] + corners[3]) / 4 >= level;
  const turned = high === corners[0] >= level ? [[0, 1], [2, 3]] : [[3, 0], [1, 2]];
  return turned.map(([a, b]) => [...crossings[a], ...crossings[b]]);
}

// Where a level's text may stand: the middle of the piece nearest to the plot's middle line, away from other texts.
function labelPlace(pieces, taken, apart) {
  let best = null;
  for (const [x0, y0, x1, y1] of pieces) {
    const place = [(x0 + x1) / 2, (y0 + y1) / 2];
    const room = Math.min(Infinity, ...taken.map((other) => Math.hypot(place[0] - other[0], place[1] - other[1])));
    const score = Math.min(room, apart) - 0.01 * Math.abs(place[0] - apart);
    if (room >= 34 && (!best || score > best.score)) best = { place, score };
  }
  return best && best.place;
}

// A value between the grid's points, by the four around it; u and v count cells from 0.
function between(z, across, u, v) {
  const down = z.length / across;
  const i = Math.min(across - 2, Math.max(0, Math.floor(u)));
  const j = Math.min(down - 2, Math.max(0, Math.floor(v)));
  const [s, t] = [u - i, v - j];
  const low = z[j * across + i] * (1 - s) + z[j * across + i + 1] * s;
  return low * (1 - t) + (z[(j + 1) * across + i] * (1 - s) + z[(j + 1) * across + i + 1] * s) * t;
}

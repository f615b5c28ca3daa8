"use strict";
// Nodes of the page. Text goes in as text, never as markup, so that no name of a column can become a part of the page.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an HTML element.
 * @param {string} tag
 * @param {Object} attributes - `null`, `undefined` and `false` leave one out; `true` sets it empty; a function under
 *     "oninput" and the like listens to that event; `style` is an object of properties (custom ones too), set one by
 *     one, as the page's policy forbids style attributes; `value` and `checked` set what the element holds now.
 * @param {...(Node|string|number|null|Array)} children - nodes, or text; arrays are spread, `null` is left out.
 */
function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Make an SVG element; attributes and children as `element` takes them. */
function svgElement(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  append(node, children);
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") node.addEventListener(name.slice(2), value);
  else if (name === "style") setStyle(node, value);
  else if (name === "value" || name === "checked") node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function setStyle(node, properties) {
  for (const [name, value] of Object.entries(properties)) node.style.setProperty(name, String(value));
}

function append(node, children) {
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
}

/** Put other children into a node, in the place of those it has. */
function replaceContent(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** A name as the page shows it: kept apart from the text around it, whatever direction it is written in. */
function nameElement(name, unit = null) {
  return element("bdi", { class: "name" }, nameWithUnit({ name, unit }));
}

// Letters written from right to left, and marks that change the direction.
const DIRECTED = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;

/** A name with its unit, as text: "velocity [m/s]"; kept apart where its direction could turn what stands beside it. */
function nameWithUnit({ name, unit }) {
  const own = DIRECTED.test(name) ? `\u2068${name}\u2069` : name;
  return unit ? `${own} [${unit}]` : own;
}

/** At most `characters` characters of a text, the middle left out where there are more. */
function shortened(text, characters) {
  const pieces = Array.from(text);
  if (pieces.length <= characters) return text;
  const kept = Math.max(characters - 1, 2);
  const front = Math.ceil(kept / 2);
  return `${pieces.slice(0, front).join("")}…${pieces.slice(pieces.length - (kept - front)).join("")}`;
}

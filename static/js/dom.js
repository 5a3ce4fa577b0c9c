/* Small helpers for the page's elements. Text is always a text node: nothing here ever parses markup. */
import { ICONS, MARKS, WORDS } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/** el("b", {class: "n", onclick: fn}, "text", child, …). Attributes that are null or false are left out. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** An icon of icons.js. */
export function icon(name, size = 16) {
  const box = name === "chevron" ? "0 0 12 12" : "0 0 16 16";
  return svg("svg", { class: "i", viewBox: box, width: size, height: size, "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}

/** What closes something. */
export function cross() {
  return svg("svg", { class: "i", width: 16, height: 16, "aria-hidden": "true" }, svg("path", { d: "m4.5 4.5 7 7M11.5 4.5l-7 7" }));
}

/** A status mark; said aloud when labelled. */
export function mark(state, { size = 12, labelled = false } = {}) {
  const said = labelled ? { role: "img", "aria-label": WORDS[state] } : { "aria-hidden": "true" };
  const paths = MARKS[state].map(([d, name]) => svg("path", { d, class: name }));
  return svg("svg", { class: "m", viewBox: "-7 -7 14 14", width: size, height: size, ...said }, ...paths);
}

/** Set a text only when it differs: layout is left alone otherwise. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

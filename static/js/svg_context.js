/*
 * SvgContext: takes what our painters say to a canvas and writes it as SVG: shapes and texts, nothing that runs. Elements are
 * made by the DOM and written by XMLSerializer: a name is text, whatever stands in it.
 */
import { svg } from "./dom.js";
import { InkPath, rounded } from "./ink_path.js";

const FONT = /^(\d+) ([\d.]+)px (.+)$/;
/** Letters that XML cannot hold. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const STATE = ["fillStyle", "strokeStyle", "lineWidth", "lineCap", "lineJoin", "font", "globalAlpha"];
/** What SVG has where nothing is said. */
const USUAL = { "stroke-linecap": "butt", "stroke-linejoin": "miter", "stroke-width": "1", opacity: "1" };

export class SvgContext {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  lineCap = "butt";
  lineJoin = "miter";
  font = "400 10px sans-serif";
  globalAlpha = 1;
  /** Where elements are put. */
  root = svg("g");

  #dash = []; #matrix = [1, 0, 0]; #clip = ""; #clips = 0; #saved = []; #path = new InkPath(); #group = null; #groupOf = ""; #measure;

  /** measure: a canvas's context, which knows how wide texts are. */
  constructor(measure) {
    this.#measure = measure;
  }

  save() {
    this.#saved.push({ matrix: this.#matrix, clip: this.#clip, dash: this.#dash, state: STATE.map((name) => this[name]) });
  }

  restore() {
    const { matrix, clip, dash, state } = this.#saved.pop();
    [this.#matrix, this.#clip, this.#dash] = [matrix, clip, dash];
    STATE.forEach((name, at) => (this[name] = state[at]));
  }

  /** Scaled and moved is all that is ever asked for. */
  setTransform(scale, _b, _c, _d, x, y) {
    this.#matrix = [scale, x, y];
  }

  translate(x, y) {
    const [scale, left, top] = this.#matrix;
    this.#matrix = [scale, left + scale * x, top + scale * y];
  }

  scale(by) {
    const [scale, left, top] = this.#matrix;
    this.#matrix = [scale * by, left, top];
  }

  beginPath() { this.#path = new InkPath(); }
  moveTo(...at) { this.#path.moveTo(...at); }
  lineTo(...at) { this.#path.lineTo(...at); }
  arc(...of) { this.#path.arc(...of); }
  roundRect(...of) { this.#path.roundRect(...of); }
  closePath() { this.#path.closePath(); }
  setLineDash(dash) { this.#dash = dash; }

  fill(path = this.#path) {
    this.#put("path", { d: path.data, fill: this.fillStyle });
  }

  stroke(path = this.#path) {
    const { lineWidth, lineCap, lineJoin } = this, dash = this.#dash.length ? this.#dash.map(rounded).join(" ") : null;
    this.#put("path", {
      d: path.data, fill: "none", stroke: this.strokeStyle, "stroke-width": rounded(lineWidth), "stroke-linecap": lineCap, "stroke-linejoin": lineJoin, "stroke-dasharray": dash,
    });
  }

  fillRect(x, y, width, height) {
    this.#put("rect", { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height), fill: this.fillStyle });
  }

  clip(path) {
    const id = `clip-${++this.#clips}`;
    // Within the same group, so that it is moved and scaled as what it clips.
    this.#put("clipPath", { id }, svg("path", { d: path.data }));
    this.#clip = `url(#${id})`;
  }

  fillText(text, x, y) {
    const [, weight, size, family] = FONT.exec(this.font);
    const look = { "font-family": family, "font-size": rounded(Number(size)), "font-weight": weight, fill: this.fillStyle };
    this.#put("text", { x: rounded(x), y: rounded(y), ...look }, text.replace(NOT_XML, "\ufffd").toWellFormed());
  }

  measureText(text) {
    this.#measure.font = this.font;
    return this.#measure.measureText(text);
  }

  #put(name, attributes, ...children) {
    const [scale, x, y] = this.#matrix.map(rounded4), where = `translate(${x} ${y}) scale(${scale})`;
    if (this.#groupOf !== where) {
      [this.#group, this.#groupOf] = [svg("g", { transform: where }), where];
      this.root.append(this.#group);
    }
    const all = { ...attributes, opacity: rounded(this.globalAlpha), "clip-path": name === "clipPath" ? null : this.#clip || null };
    this.#group.append(svg(name, Object.fromEntries(Object.entries(all).filter(([key, value]) => USUAL[key] !== value)), ...children));
  }
}

function rounded4(value) {
  return Math.round(value * 10_000) / 10_000;
}

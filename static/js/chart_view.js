/*
 * ChartView: the charts of a panel, drawn from the data on their canvas, as sharp as the screen allows, in the page's
 * colours. The pointer and the arrow keys ask for the value at a place; it is written below and said aloud.
 */
import { chartHistogram } from "./chart_histogram.js";
import { chartTime } from "./chart_time.js";
import { setText } from "./dom.js";
import { fitCanvas } from "./fit_canvas.js";
import { readPalette } from "./palette.js";

const KINDS = { chart: chartTime, histogram: chartHistogram };
const FONT_PX = 11;
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

export class ChartView {
  /** The place asked for, by the id of the canvas: the panel is made anew while somebody reads. */
  #asked = new Map();
  #content; #palette = null;

  /** content: the element in which canvases with data come and go. */
  constructor(content) {
    this.#content = content;
    content.addEventListener("pointermove", (event) => this.#point(event));
    content.addEventListener("pointerdown", (event) => this.#point(event));
    content.addEventListener("pointerout", ({ target }) => target.matches("canvas") && this.#ask(target, -1));
    content.addEventListener("keydown", (event) => this.#step(event));
    content.addEventListener("focusout", ({ target, relatedTarget }) => {
      // A canvas that is replaced loses the focus to nobody, and its heir gets it back.
      if (target.matches("canvas") && relatedTarget) this.#ask(target, -1);
    });
    new ResizeObserver(() => this.draw()).observe(content);
    addEventListener("themechange", () => { this.#palette = null; this.draw(); });
  }

  /** Draw all there are. */
  draw() {
    for (const canvas of this.#content.querySelectorAll("canvas")) this.#draw(canvas);
  }

  /** Another node is shown. */
  forget() {
    this.#asked.clear();
  }

  #draw(canvas) {
    const { kind, data } = read(canvas), width = canvas.clientWidth, height = canvas.clientHeight, ratio = devicePixelRatio || 1;
    if (!kind || !width || !height) return;
    const asked = Math.min(this.#asked.get(canvas.id) ?? -1, kind.count(data) - 1), context = canvas.getContext("2d");
    this.#palette ??= readPalette();
    fitCanvas(canvas, width, height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `${FONT_PX}px ${this.#palette.sans}`;
    kind.paint(context, data, { width, height, at: asked, palette: this.#palette });
    this.#say(canvas, kind, data, asked);
  }

  #say(canvas, kind, data, asked) {
    const last = kind.count(data) - 1, at = asked < 0 ? begin(kind, data) : asked, text = asked < 0 && kind.rest ? kind.rest(data) : kind.text(data, at);
    setText(canvas.parentElement.querySelector("figcaption"), text);
    canvas.setAttribute("aria-valuemax", last);
    canvas.setAttribute("aria-valuenow", at);
    canvas.setAttribute("aria-valuetext", text);
  }

  #point(event) {
    const canvas = event.target.closest("canvas");
    if (!canvas) return;
    const { kind, data } = read(canvas);
    this.#ask(canvas, kind.at(data, event.clientX - canvas.getBoundingClientRect().left, canvas.clientWidth));
  }

  #step(event) {
    const canvas = event.target.closest("canvas"), by = STEPS[event.key];
    if (!canvas || !by) return;
    event.preventDefault();
    const { kind, data } = read(canvas), last = kind.count(data) - 1;
    this.#ask(canvas, Math.min(last, Math.max(0, (this.#asked.get(canvas.id) ?? begin(kind, data)) + by)));
  }

  #ask(canvas, at) {
    if (at < 0) this.#asked.delete(canvas.id);
    else this.#asked.set(canvas.id, at);
    this.#draw(canvas);
  }
}

const begin = (kind, data) => kind.begin?.(data) ?? kind.count(data) - 1;

/** {kind, data} of a canvas; its attribute's name is the kind. */
function read(canvas) {
  const name = Object.keys(KINDS).find((key) => key in canvas.dataset);
  return name ? { kind: KINDS[name], data: JSON.parse(canvas.dataset[name]) } : {};
}

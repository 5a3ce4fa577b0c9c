/*
 * TimeSlider: the drawn runs and failures of a range. The pointer and the arrow keys ask for a step; a click, or Enter, for the
 * graph as it was then; dragging for a closer look, as do keys (keys.js). While the graph is shown as it was, the arrow keys take
 * it along. What is asked for is written and said by whoever made it.
 */
import { el } from "./dom.js";
import { fitCanvas } from "./fit_canvas.js";
import { readPalette } from "./palette.js";
import { t } from "./text.js";
import { paintTime } from "./time_chart.js";
import { spanWords, totalText } from "./time_range.js";

const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };
/** A shorter drag is a click; keys look closer at so many steps on each side. */
const DRAG_PX = 6, NEAR = 5;

export class TimeSlider {
  canvas = el("canvas", { role: "slider", tabindex: 0, "aria-label": t("Runs and failures over time. Arrow keys move, Enter shows the graph as it was."), "aria-valuemin": 0 });

  #say; #span; #go; #told = null; #then = 0; #at = -1; #drag = null; #palette = null;

  /** say(text, aloud): what stands at the step asked for, or is known of all; aloud: whether a pointer asked for it; what keys ask for is the slider's value. span(fromS, untilS): a closer look is asked for. at(unixS): the graph as it was. */
  constructor({ say, span, at }) {
    [this.#say, this.#span, this.#go] = [say, span, at];
    this.#listen();
    new ResizeObserver(() => this.#draw()).observe(this.canvas);
    addEventListener("themechange", () => { this.#palette = null; this.#draw(); });
  }

  /** The graph is shown as it was at a time; 0: as it is. */
  showThen(then) {
    if (then === this.#then) return;
    this.#then = then;
    this.#draw();
  }

  /** told: what the server answers; null while it was not heard. */
  show(told) {
    // Steps move on: what was asked for stands somewhere else, or nowhere.
    if (this.#at >= 0 && told && this.#told) this.#at -= Math.round((told.from_s - this.#told.from_s) / told.step_s);
    if (!told || told.step_s !== this.#told?.step_s || this.#at >= told.runs.length) this.#at = -1;
    [this.#told, this.#drag] = [told, told && this.#drag];
    this.#draw();
  }

  #draw(aloud) {
    const { canvas } = this, width = canvas.clientWidth, height = canvas.clientHeight, told = this.#told, ratio = devicePixelRatio || 1;
    if (!width || !height) return;
    this.#palette ??= readPalette();
    fitCanvas(canvas, width, height);
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!told) return;
    const at = this.#at, [first, last] = this.#drag ? span(this.#drag) : [at, at];
    paintTime(context, told, { width, height, at, drag: this.#drag && [first, last], then: this.#then, palette: this.#palette });
    const text = at < 0 ? totalText(told) : spanWords(told, first, last);
    this.#say(text, aloud);
    const said = { valuemax: told.runs.length - 1, valuenow: Math.max(0, at), valuetext: text };
    for (const [name, value] of Object.entries(said)) canvas.setAttribute(`aria-${name}`, value);
  }

  #listen() {
    const { canvas } = this, place = ({ clientX }) => {
      const { left, width } = canvas.getBoundingClientRect();
      return this.#inside(Math.floor(((clientX - left) / width) * this.#told.runs.length));
    };
    let downX = 0;
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.#told) return;
      canvas.setPointerCapture(event.pointerId);
      [downX, this.#drag] = [event.clientX, [place(event), place(event)]];
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.#told) return;
      if (this.#drag) this.#drag[1] = place(event);
      this.#point(place(event), true);
    });
    canvas.addEventListener("pointerup", ({ clientX }) => {
      const drag = this.#drag;
      this.#drag = null;
      if (drag && Math.abs(clientX - downX) >= DRAG_PX) this.#closer(...span(drag));
      else if (drag) this.#look(drag[0]);
    });
    canvas.addEventListener("pointercancel", () => { this.#drag = null; });
    for (const name of ["pointerleave", "blur"]) canvas.addEventListener(name, () => this.#drag || this.#point(-1));
    canvas.addEventListener("keydown", (event) => this.#told && this.#key(event));
  }

  #key(event) {
    const by = STEPS[event.key];
    if (!by && event.key !== "Enter") return;
    event.preventDefault();
    if (by) this.#point(this.#inside((this.#at < 0 ? Infinity : this.#at) + by));
    if (this.#at < 0) return;
    if (!by && event.shiftKey) this.#closer(this.#at - NEAR, this.#at + NEAR);
    else if (!by || this.#then) this.#look(this.#at);
  }

  /** The end of a step: what is told of a time is of the minute before. */
  #look(at) {
    this.#go(this.#told.from_s + (at + 1) * this.#told.step_s);
  }

  #inside(at) {
    return Math.min(this.#told.runs.length - 1, Math.max(0, at));
  }

  #point(at, aloud = false) {
    this.#at = at;
    this.#draw(aloud);
  }

  #closer(first, last) {
    const { from_s: fromS, step_s: stepS } = this.#told;
    this.#span(fromS + first * stepS, fromS + (last + 1) * stepS);
  }
}

const span = (drag) => [Math.min(...drag), Math.max(...drag)];

/* HopSteps: from hop to hop of a followed request, by buttons, by arrows, or by itself. */
import { el, setText } from "./dom.js";
import { t } from "./text.js";

/** Long enough to see where it went, and to read what is said of it. */
const PLAY_MS = 1500;
/** Where arrows step. */
const PLACES = "#stage, .lens-chip", FIELDS = "input, select, textarea";

export class HopSteps {
  /** Buttons. */
  element;
  /** The hop somebody looks at; -1 for none yet. */
  at = -1;

  #count = 0; #timer = 0; #onStep; #said; #play;

  /** onStep(): another hop is looked at. */
  constructor({ onStep }) {
    this.#onStep = onStep;
    this.#said = el("span", { class: "num" });
    this.#play = el("button", { type: "button", onclick: () => (this.#timer ? this.#stop() : this.#begin()) });
    const button = (text, name, by) => el("button", { type: "button", "aria-label": name, title: name, onclick: () => this.#go(by) }, text);
    this.element = el("span", { class: "hop-steps", hidden: true }, button("←", t("The hop before (←)"), -1), this.#said, button("→", t("The next hop (→)"), 1), this.#play);
    document.addEventListener("keydown", (event) => this.#hear(event));
    this.#show();
  }

  /** There are so many now; 0: nothing to step through. */
  set(count) {
    if (!count || this.at >= count) this.at = -1;
    if (!count) this.#stop();
    this.#count = count;
    this.#show();
  }

  #hear(event) {
    const { key, target, defaultPrevented, altKey, ctrlKey, metaKey, shiftKey } = event, by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!by || !this.#count || defaultPrevented || altKey || ctrlKey || metaKey || shiftKey || !target.closest(PLACES) || target.closest(FIELDS)) return;
    event.preventDefault();
    this.#stop();
    this.#go(by);
  }

  #begin() {
    if (this.at === this.#count - 1) this.at = -1;
    this.#timer = setInterval(() => this.#go(1), PLAY_MS);
    this.#go(1);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#show();
  }

  #go(by) {
    const next = Math.max(0, Math.min(this.#count - 1, this.at + by));
    if (this.#timer && next === this.#count - 1) this.#stop();
    if (next !== this.at) this.#onStep(this.at = next);
    this.#show();
  }

  #show() {
    const name = this.#timer ? t("Stop") : t("Play: hop after hop");
    this.element.hidden = this.#count < 2;
    setText(this.#said, `${this.at + 1} / ${this.#count}`);
    setText(this.#play, this.#timer ? "■" : "▶");
    for (const attribute of ["aria-label", "title"]) this.#play.setAttribute(attribute, name);
  }
}

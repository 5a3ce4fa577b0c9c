/* FindBox: the field in the header: what is typed, what may come next, what is wrong with it, how much is found. */
import { el, setText } from "./dom.js";
import { findComplete } from "./find_complete.js";
import { FindList } from "./find_list.js";
import { plain } from "./text_fit.js";

export class FindBox {
  #root; #input; #count; #error; #list; #graph; #on; #due = false; #problem = null;

  /** on: {type(text), step(by), leave()}. */
  constructor({ root, graph, on }) {
    const part = (name) => root.querySelector(`#find-${name}`);
    [this.#root, this.#graph, this.#on] = [root, graph, on];
    [this.#input, this.#count, this.#error] = ["text", "count", "error"].map(part);
    this.#list = new FindList({ list: part("list"), input: this.#input, onTake: (offer) => this.#take(offer) });
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.target === this.#input) return;
      event.stopPropagation();
      this.#input.focus();
    });
    this.#input.addEventListener("blur", () => this.#settle());
    part("clear").addEventListener("click", () => this.#clear());
  }

  get text() { return this.#input.value; }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** Another text, not typed here. */
  fill(text) {
    if (text !== this.#input.value) this.#input.value = text;
    this.#root.classList.toggle("filled", text !== "");
  }

  /** count: what stands at its end. error: FindError or null; what is wrong with the last word is no mistake while it is being typed. */
  show({ count, error }) {
    setText(this.#count, count);
    this.#problem = error;
    const isTyping = document.activeElement === this.#input && error?.end === this.text.length && this.#list.isOpen;
    this.#say(isTyping ? null : error);
  }

  #typed() {
    this.#root.classList.toggle("filled", this.text !== "");
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => this.#tell());
  }

  /** What is typed counts from now on: with the next frame, or when a key wants to go on with it. */
  #tell() {
    if (!this.#due) return;
    this.#due = false;
    this.#offer();
    this.#on.type(this.text);
  }

  #offer() {
    this.#list.show(document.activeElement === this.#input ? findComplete(this.text, this.#input.selectionStart, this.#graph) : []);
  }

  #pressed(event) {
    if (event.key.length > 1) this.#tell();
    const { key } = event, list = this.#list, offer = key === "Tab" && !event.shiftKey && list.isOpen ? list.chosen ?? list.likely : list.chosen;
    const takes = (key === "Enter" || (key === "Tab" && !event.shiftKey)) && offer;
    if (event.isComposing || (key === "Tab" && !takes)) return;
    if (takes) this.#take(offer);
    else if (key === "Enter") this.#go(event.shiftKey ? -1 : 1);
    else if (key === "ArrowDown" || key === "ArrowUp") list.isOpen ? list.step(key === "ArrowDown" ? 1 : -1) : this.#offer();
    else if (key !== "Escape") return;
    else if (list.chosen) list.show([]);
    else if (this.text) this.#clear();
    else this.#on.leave();
    event.preventDefault();
    event.stopPropagation();
  }

  #go(by) {
    this.#settle();
    if (!this.#problem) this.#on.step(by);
  }

  /** Nothing more is typed: what is wrong is said now. */
  #settle() {
    this.#list.show([]);
    this.#say(this.#problem);
  }

  #take({ text, from, to }) {
    this.#input.setRangeText(text, from, to, "end");
    this.#typed();
  }

  #clear() {
    this.#due = false;
    this.#list.show([]);
    this.fill("");
    this.#on.type("");
    this.#input.focus();
  }

  /** The text with the wrong part underlined, and what was expected there. */
  #say(error) {
    this.#input.setAttribute("aria-invalid", String(Boolean(error)));
    this.#error.hidden = !error;
    if (!error) return this.#error.replaceChildren();
    const { at, end } = error, text = this.text, wrong = plain(text.slice(at, end));
    this.#error.replaceChildren(
      el("code", {}, plain(text.slice(0, at)), el("u", {}, wrong || "\u00a0\u00a0"), plain(text.slice(end))), el("p", {}, plain(error.message)));
  }
}

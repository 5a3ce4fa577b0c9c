/* LensChip: says what lies over the graph, what its badges mean, and the way out. */
import { el, setText, svg } from "./dom.js";

export class LensChip {
  #root; #name; #said; #legend; #link;

  /** label: what kind of lens. leave(): take it away. */
  constructor({ label, leave }) {
    const cross = svg("svg", { class: "i", width: 16, height: 16, "aria-hidden": "true" }, svg("path", { d: "m4.5 4.5 7 7M11.5 4.5l-7 7" }));
    this.#name = el("bdi");
    this.#said = el("span", { role: "status" });
    this.#legend = el("span", { class: "lens-legend" });
    this.#link = el("a", { class: "lens-link" }, "List");
    this.#root = el("div", { class: "lens-chip", role: "group", "aria-label": label, hidden: true },
      el("span", { class: "what" }, `${label}: `, this.#name, " ", this.#said), this.#legend, this.#link,
      el("button", { type: "button", "aria-label": `Leave: ${label}`, title: "Leave (Esc)", onclick: leave }, cross));
    document.getElementById("stage").parentElement.before(this.#root);
  }

  /** legend: [{text, tone, words}]. href: where all of it is listed; "" for nowhere. */
  show({ name, said, legend = [], href = "" }) {
    this.#root.hidden = false;
    setText(this.#name, name);
    setText(this.#said, said);
    this.#legend.replaceChildren(...legend.map(({ text, tone, words }) => el("span", {}, el("b", { class: `lens-badge ${tone}` }, text), ` ${words}`)));
    this.#link.hidden = !href;
    this.#link.setAttribute("href", href);
  }

  hide() {
    this.#root.hidden = true;
  }
}

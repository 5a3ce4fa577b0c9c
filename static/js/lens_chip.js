/* LensChip: says what lies over the graph, what its badges mean, and the way out. */
import { cross, el, setText } from "./dom.js";
import { t } from "./text.js";

export class LensChip {
  /** Where a list may stand, unfolded by somebody. */
  list = el("div", { class: "blast-list" });
  /** Where buttons may stand. */
  tools = el("span", { class: "lens-tools" });

  #root; #name; #said; #legend; #link; #more;

  /** label: what kind of lens. select(id, how): shows a node of the list, where nobody else does. leave(): take it away; none where it stays. */
  constructor({ label, leave, select }) {
    this.#name = el("bdi");
    this.#said = el("span", { role: "status" });
    this.#legend = el("span", { class: "lens-legend" });
    this.#link = el("a", { class: "lens-link" }, t("List"));
    this.#more = el("details", { hidden: true }, el("summary", {}, t("List")), this.list);
    this.#root = el("div", { class: "lens-chip", role: "group", "aria-label": label, hidden: true },
      el("span", { class: "what" }, `${label}: `, this.#name, " ", this.#said), this.#legend, this.tools, this.#link,
      leave ? el("button", { type: "button", "aria-label": t("Leave: {name}", { name: label }), title: t("Leave (Esc)"), onclick: leave }, cross()) : null, this.#more);
    this.list.addEventListener("click", (event) => {
      const link = select && event.target.closest("[data-node]");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      select(link.dataset.node, { near: true });
    });
    document.getElementById("lens-chips").append(this.#root);
  }

  /** legend: [{text, tone, words, line: how a line is drawn that carries it}]. href: where all of it is listed; "" for nowhere. listed: whether the list is here. */
  show({ name, said, legend = [], href = "", listed = false }) {
    this.#root.hidden = false;
    setText(this.#name, name);
    setText(this.#said, said);
    this.#legend.replaceChildren(...legend.map(({ text, tone, words, line }) => el("span", {}, line ? el("i", { class: `lens-line ${line}` }) : "", el("b", { class: `lens-badge ${tone}` }, text), ` ${words}`)));
    this.#more.hidden = !listed;
    this.#link.hidden = !href;
    this.#link.setAttribute("href", href);
  }

  hide() {
    this.#root.hidden = true;
  }
}

/* ProblemCards: the phone's first section: one card a problem. Cards stay, so that a finger or the focus finds them. */
import { el, mark, setText } from "./dom.js";
import { NARROW } from "./narrow.js";
import { problemWords } from "./problem_words.js";
import { plain } from "./text_fit.js";
import { problemsOf } from "./tree_rows.js";

/** More cards than that nobody reads. */
const MOST_CARDS = 50;

export class ProblemCards {
  #list; #graph; #onSelect; #cards = new Map();

  constructor({ list, graph, onSelect }) {
    [this.#list, this.#graph, this.#onSelect] = [list, graph, onSelect];
  }

  /** The problems among the shown ids, worst first. */
  show(shown) {
    // Only there problems stand first.
    if (!NARROW.matches) return;
    const nodes = problemsOf(this.#graph).filter(({ id }) => shown.has(id)).slice(0, MOST_CARDS), ids = nodes.map(({ id }) => id);
    for (const id of this.#cards.keys()) if (!ids.includes(id)) this.#cards.delete(id);
    for (const node of nodes) this.#fill(this.#cards.get(node.id) ?? this.#make(node), node);
    const elements = ids.map((id) => this.#cards.get(id).button);
    if (elements.length !== this.#list.children.length || elements.some((element, i) => element !== this.#list.children[i])) {
      const focused = this.#list.contains(document.activeElement) && document.activeElement;
      this.#list.replaceChildren(...elements);
      if (focused) focused.focus({ preventScroll: true });
    }
  }

  #make({ id, name }) {
    const parts = { state: el("span", {}), said: el("em", {}), more: el("p", {}), was: "" };
    const head = el("span", { class: "h" }, parts.state, el("span", { class: "n" }, plain(name)), parts.said);
    parts.button = el("button", { type: "button", class: "pc", "data-node": id, onclick: () => this.#onSelect(id) }, head, parts.more);
    this.#cards.set(id, parts);
    return parts;
  }

  #fill(parts, node) {
    const { stats } = node, { said, more } = problemWords(this.#graph, node);
    if (parts.was !== stats.state) {
      parts.was = stats.state;
      parts.said.className = `t-${stats.state}`;
      parts.state.replaceChildren(mark(stats.state, { size: 16, labelled: true }));
    }
    setText(parts.said, said);
    setText(parts.more, more.join(" · "));
  }
}

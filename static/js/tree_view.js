/*
 * TreeView: the graph as a tree of apps with their events and streams: the column on the left, what a screen reader
 * reads, and the phone's page.
 */
import { setText } from "./dom.js";
import { NARROW } from "./narrow.js";
import { ProblemCards } from "./problem_cards.js";
import { treeLines, treeRows } from "./tree_rows.js";
import { TreeRow } from "./tree_row.js";
import { TreeSlabs } from "./tree_slabs.js";

/** Up to so many drawn things every app starts unfolded; on a phone, where problems stand before them, so few. */
const UNFOLD_UP_TO = 100, UNFOLD_ON_PHONE = 12;

export class TreeView {
  /** What can be gone to now, see treeLines. */
  lines = [];
  /** Ids of the shown nodes. */
  shown = new Set();

  #home; #count; #graph; #slabs; #cards; #unfolded = new Map(); #list = []; #active = ""; #selected = ""; #revealed = "";

  /** onSelect(id): a node was clicked. */
  constructor({ root, graph, onSelect }) {
    [this.#home, this.#count] = ["#apps", "#app-count"].map((name) => root.querySelector(name));
    this.#graph = graph;
    this.#cards = new ProblemCards({ list: root.querySelector("#problems"), graph, onSelect });
    this.#slabs = new TreeSlabs({ home: this.#home, make: (line) => new TreeRow(line), onFilled: () => this.#refresh() });
    this.#home.addEventListener("click", ({ target }) => {
      const line = this.lineOf(target);
      if (!line) return;
      this.focus(line.id);
      if (line.item) onSelect(line.id);
      else this.toggle(line);
    });
    this.#home.addEventListener("focusin", ({ target }) => this.#activate(this.lineOf(target)?.id));
  }

  /** Draw what is there now; another set of shown ids is another structure. */
  show(shown, selected) {
    if (shown !== this.shown) {
      this.shown = shown;
      this.#list = treeRows(this.#graph, shown);
      setText(this.#count, String(this.#list.filter(({ key }) => key).length));
      this.#lay();
    }
    this.#selected = selected;
    if (selected !== this.#revealed && (!selected || shown.has(selected))) this.#reveal(selected);
    this.#refresh();
    this.#cards.show(shown);
  }

  /** The line whose row an element is in. */
  lineOf(element) {
    const id = element.closest?.("[data-row]")?.dataset.row;
    return id === undefined ? null : this.lines.find((line) => line.id === id) ?? null;
  }

  /** Put the focus on a line, by default on the one that had it last. Returns its row; null where there is none. */
  focus(id = this.#active) {
    this.#unfold(id);
    if (!this.lines.some((line) => line.id === id)) return null;
    this.#activate(id);
    const { element } = this.#slabs.row(id);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
    return element;
  }

  /** Fold or unfold the app of a line. */
  toggle({ app: { key } }) {
    this.#unfolded.set(key, !this.isUnfolded(key));
    this.#lay();
    this.#refresh();
  }

  isUnfolded = (key) => this.#unfolded.get(key) ?? this.shown.size <= (NARROW.matches ? UNFOLD_ON_PHONE : UNFOLD_UP_TO);

  /** Somebody selected it, wherever: its row comes into view. */
  #reveal(id) {
    this.#revealed = id;
    if (!id) return;
    this.#unfold(id);
    this.#activate(id);
    this.#slabs.row(id)?.element.scrollIntoView({ block: "nearest" });
  }

  #unfold(id) {
    const app = this.#graph.nodes.has(id) && this.#list.find(({ nodes }) => nodes.some((item) => item.id === id));
    if (app && !this.isUnfolded(app.key)) this.toggle({ app });
  }

  #lay() {
    const hadFocus = this.#home.contains(document.activeElement);
    this.lines = treeLines(this.#list, this.isUnfolded);
    this.#slabs.lay(this.lines);
    if (!this.lines.some(({ id }) => id === this.#active)) this.#active = this.lines[0]?.id ?? "";
    this.#activate(this.#active);
    if (hadFocus) this.#slabs.row(this.#active)?.element.focus({ preventScroll: true });
  }

  /** Tab leads here from now on. */
  #activate(id) {
    if (id === undefined) return;
    this.#active = id;
    this.#slabs.keep(id);
    this.#refresh();
  }

  #refresh() {
    for (const row of this.#slabs.rows) row.refresh({ selected: this.#selected, active: this.#active });
  }
}

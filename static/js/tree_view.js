/* TreeView: the column on the left, and the phone's page. Real buttons; rows stay, only what differs in them changes. */
import { el, icon, mark, setText } from "./dom.js";
import { KIND_WORDS } from "./icons.js";
import { durationText, failedShare, percentText, rateText, shortNumber } from "./numbers.js";
import { plain } from "./text_fit.js";
import { appNumbers, problemsOf, treeRows } from "./tree_rows.js";

/** Up to so many drawn things every app starts unfolded. */
const UNFOLD_UP_TO = 100;
/** More cards than that nobody reads. */
const MOST_CARDS = 50;
/** As phone.css has it: only there problems stand first. */
const NARROW = matchMedia("(max-width: 640px)");

export class TreeView {
  #apps; #problems; #count; #graph; #onSelect; #rows = new Map(); #unfolded = new Map(); #list = []; #shown = new Set(); #selected = "";

  constructor({ root, graph, onSelect }) {
    [this.#apps, this.#problems, this.#count] = ["#apps", "#problems", "#app-count"].map((name) => root.querySelector(name));
    this.#graph = graph;
    this.#onSelect = onSelect;
  }

  /** Draw what is there now; another set of shown ids is another structure. */
  show(shown, selected) {
    this.#selected = selected;
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#list = treeRows(this.#graph, shown);
      this.#rebuild();
    }
    this.#refreshAll();
    this.#showProblems();
  }

  /** Unfold the app of a node, so that its row is seen. */
  reveal(node) {
    if (!this.#isUnfolded(node.app)) this.#toggle(node.app);
    this.#rows.get(node.id)?.button.scrollIntoView({ block: "nearest" });
  }

  #isUnfolded(key) {
    return this.#unfolded.get(key) ?? this.#shown.size <= UNFOLD_UP_TO;
  }

  #toggle(key) {
    this.#unfolded.set(key, !this.#isUnfolded(key));
    this.#rebuild();
    this.#refreshAll();
  }

  #rebuild() {
    const kept = document.activeElement?.dataset?.row;
    this.#rows.clear();
    this.#apps.replaceChildren(...this.#list.flatMap((app) => [
      this.#appRow(app), ...(this.#isUnfolded(app.key) ? app.nodes.map((node) => this.#nodeRow(node)) : []),
    ]));
    setText(this.#count, String(this.#list.filter(({ key }) => key).length));
    this.#rows.get(kept)?.button.focus();
  }

  #refreshAll() {
    for (const app of this.#list) {
      this.#refresh(`app ${app.key}`, appNumbers(app));
      if (this.#isUnfolded(app.key)) for (const { id, node } of app.nodes) this.#refresh(id, node.stats);
    }
  }

  #appRow(app) {
    const id = `app ${app.key}`, version = app.version && el("small", {}, plain(app.version));
    const name = el("span", { class: "n" }, plain(app.name), version || null);
    const button = el("button", { type: "button", "aria-expanded": String(this.#isUnfolded(app.key)), "data-row": id, onclick: () => this.#toggle(app.key) });
    button.append(el("span", { class: "ch" }, icon("chevron", 12)), name);
    return this.#keep(id, button, "row app");
  }

  #nodeRow({ id, name, shape }) {
    const button = el("button", { type: "button", "data-row": id, title: `${plain(name)}, ${KIND_WORDS[shape]}`, onclick: () => this.#onSelect(id) });
    button.append(icon(shape, 14), el("span", { class: "n" }, plain(name)));
    return this.#keep(id, button, "row node");
  }

  #keep(id, button, base) {
    const rate = el("span", { class: "num" }), state = el("span", {});
    button.append(rate, state);
    this.#rows.set(id, { button, rate, state, base, was: "" });
    return button;
  }

  #refresh(id, { state, rate }) {
    const row = this.#rows.get(id);
    if (!row) return;
    setText(row.rate, rate ? shortNumber(rate) : state === "idle" ? "" : "0");
    const selected = id === this.#selected, now = `${state} ${selected}`;
    if (now === row.was) return;
    row.was = now;
    row.button.className = `${row.base} ${state}`;
    if (!id.startsWith("app ")) row.button.setAttribute("aria-pressed", String(selected));
    row.state.replaceChildren(mark(state, { labelled: true }));
  }

  /** The phone's first section: one card a problem. */
  #showProblems() {
    if (!NARROW.matches) return;
    const cards = problemsOf(this.#graph).filter(({ id }) => this.#shown.has(id)).slice(0, MOST_CARDS).map((node) => {
      const { stats, app } = node, waits = stats.state === "wait";
      const said = waits ? `wait ${durationText(stats.wait)}` : `${percentText(failedShare(stats))} failed`;
      const head = el("span", { class: "h" }, mark(stats.state, { size: 16, labelled: true }), el("span", { class: "n" }, plain(node.name)), el("em", { class: `t-${stats.state}` }, said));
      const text = [plain(this.#graph.apps.get(app)?.name ?? app), rateText(stats.rate), waits || stats.p95 === null ? null : `p95 ${durationText(stats.p95)}`];
      return el("button", { type: "button", class: "pc", onclick: () => this.#onSelect(node.id) }, head, el("p", {}, text.filter(Boolean).join(" · ")));
    });
    this.#problems.replaceChildren(...cards);
  }
}

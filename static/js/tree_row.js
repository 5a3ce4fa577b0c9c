/* TreeRow: one line of the tree: an app, or one of its nodes. Its element stays, only what differs in it changes. */
import { el, icon, mark, setText } from "./dom.js";
import { KIND_WORDS } from "./icons.js";
import { shortNumber } from "./numbers.js";
import { plain } from "./text_fit.js";
import { appNumbers } from "./tree_rows.js";

export class TreeRow {
  element;
  #line; #rate; #state; #was = "";

  /** line: see treeLines. */
  constructor(line) {
    this.#line = line;
    const { id, app, item, level, place, of } = line, name = plain(item?.name ?? app.name);
    this.#rate = el("span", { class: "num" });
    this.#state = el("span", {});
    this.element = el("div", {
      role: "treeitem", tabindex: "-1", "data-row": id, title: item ? `${name}, ${KIND_WORDS[item.shape]}` : null,
      "aria-level": String(level), "aria-posinset": String(place), "aria-setsize": String(of),
      "aria-expanded": item ? null : String(line.unfolded),
    }, ...(item ? nodeParts(item, name) : appParts(app, name)), this.#rate, this.#state);
  }

  /** selected, active: ids of the selected node, and of the row that Tab leads to. */
  refresh({ selected, active }) {
    const { id, app, item } = this.#line, { state, rate } = item ? item.node.stats : appNumbers(app);
    setText(this.#rate, rate ? shortNumber(rate) : state === "idle" ? "" : "0");
    const isSelected = id === selected, now = `${state} ${isSelected} ${id === active}`;
    if (now === this.#was) return;
    this.#was = now;
    this.element.className = `row ${item ? "node" : "app"} ${state}`;
    this.element.tabIndex = id === active ? 0 : -1;
    if (item) this.element.setAttribute("aria-selected", String(isSelected));
    this.#state.replaceChildren(mark(state, { labelled: true }));
  }
}

function appParts({ version }, name) {
  return [el("span", { class: "ch" }, icon("chevron", 12)), el("span", { class: "n" }, name, version ? el("small", {}, plain(version)) : null)];
}

function nodeParts({ shape }, name) {
  const kind = icon(shape, 14);
  kind.removeAttribute("aria-hidden");
  for (const [key, value] of [["role", "img"], ["aria-label", KIND_WORDS[shape]]]) kind.setAttribute(key, value);
  return [kind, el("span", { class: "n" }, name)];
}

/* WaysMenu: where a node leads, or what leads to it, when that is more than one: a menu beside the row. */
import { el, icon, mark } from "./dom.js";
import { evidenceWords } from "./edge_state.js";
import { shapeOf } from "./icons.js";
import { rateText } from "./numbers.js";
import { plain } from "./text_fit.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

export class WaysMenu {
  #menu; #does = null;

  constructor(menu) {
    this.#menu = menu;
    menu.addEventListener("keydown", (event) => this.#pressed(event));
    menu.addEventListener("focusout", ({ relatedTarget }) => !menu.contains(relatedTarget) && this.#close());
    menu.addEventListener("click", ({ target }) => target.closest("[role=menuitem]") && this.#take(target.closest("[role=menuitem]")));
  }

  /** beside: a row. key: the arrow that goes on. ways: [{node, edges, rate, app}]. take(id): one was chosen. leave(): none. */
  open({ beside, title, key, ways, take, leave }) {
    this.#does = { key, take, leave };
    this.#menu.setAttribute("aria-label", title);
    this.#menu.replaceChildren(...ways.map(wayItem));
    this.#menu.hidden = false;
    const { right, top, bottom } = beside.getBoundingClientRect(), { offsetHeight, offsetWidth } = this.#menu;
    this.#menu.style.setProperty("--left", `${Math.max(0, Math.min(right, innerWidth - offsetWidth - 8))}px`);
    this.#menu.style.setProperty("--top", `${Math.max(0, top + offsetHeight > innerHeight ? bottom - offsetHeight : top)}px`);
    this.#menu.firstElementChild.focus();
  }

  #pressed(event) {
    const items = [...this.#menu.children], { key, take, leave } = this.#does ?? {}, place = items.indexOf(document.activeElement);
    const next = { Home: items[0], End: items.at(-1) }[event.key] ?? (STEPS[event.key] && items.at((place + STEPS[event.key]) % items.length));
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (next) next.focus();
    else if (event.key === "Enter" || event.key === " " || event.key === key) this.#take(document.activeElement);
    else if (event.key === "Escape" || event.key.startsWith("Arrow")) this.#close(), leave();
  }

  #take({ dataset }) {
    const { take } = this.#does;
    this.#close();
    take(dataset.way);
  }

  #close() {
    this.#menu.hidden = true;
    this.#does = null;
  }
}

function wayItem({ node: { id, name, stats, ...more }, edges, rate, app }) {
  const said = evidenceWords({ edges, source: { id }, target: { id } });
  return el("div", { role: "menuitem", tabindex: "-1", "data-way": id, class: "way" },
    icon(shapeOf(more), 14), el("span", { class: "n" }, plain(name), el("small", {}, [plain(app), said].filter(Boolean).join(" · "))),
    el("span", { class: "num" }, rate === null ? "" : rateText(rate)), mark(stats.state, { labelled: true }));
}

/* TimeList: what happened in a range as a plain list, the newest first, where there is no room for a bar. */
import { el } from "./dom.js";
import { NARROW } from "./narrow.js";
import { t } from "./text.js";
import { markRows } from "./time_marks.js";

export class TimeList {
  root = el("ul", { class: "happened" });

  #go; #told = null;

  /** go(unixS): to the graph as it was. */
  constructor(go) {
    this.#go = go;
    NARROW.addEventListener("change", () => this.show(this.#told));
  }

  /** told: what the server answers; null while it was not heard. */
  show(told) {
    this.#told = told;
    const marks = NARROW.matches ? (told?.marks ?? []).toReversed() : [];
    this.root.replaceChildren(...(told && !marks.length ? [el("li", { class: "dim" }, t("Nothing happened in this time."))] : markRows(marks, this.#go)));
  }
}

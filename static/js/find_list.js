/* FindList: what may come next, below the find box (role listbox). The box keeps the focus; the choice is marked. */
import { el } from "./dom.js";
import { plain } from "./text_fit.js";

export class FindList {
  #list; #input; #onTake; #offers = []; #chosen = -1;

  /** onTake(offer): one of find_complete.js was chosen. */
  constructor({ list, input, onTake }) {
    [this.#list, this.#input, this.#onTake] = [list, input, onTake];
    // The box must not lose the focus to a click on the list.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#onTake(this.#offers[Number(row.dataset.place)]);
    });
  }

  get isOpen() { return !this.#list.hidden; }

  /** The marked offer; undefined for none. */
  get chosen() { return this.#offers[this.#chosen]; }

  /** The first of them, where a word is begun that it would end; undefined otherwise. */
  get likely() { return this.#offers[0]?.from < this.#offers[0]?.to ? this.#offers[0] : undefined; }

  show(offers) {
    this.#offers = offers;
    this.#list.replaceChildren(...offers.map(({ text, hint }, place) =>
      el("li", { role: "option", id: `find-option-${place}`, "data-place": String(place) }, el("code", {}, plain(text.trim())), el("small", {}, hint))));
    this.#list.hidden = !offers.length;
    this.#input.setAttribute("aria-expanded", String(offers.length > 0));
    this.#mark(-1);
  }

  /** Mark the next or the one before; past the ends none is marked, and one is in the text again. */
  step(by) {
    const places = this.#offers.length + 1;
    this.#mark(((this.#chosen + 1 + by + places) % places) - 1);
  }

  #mark(place) {
    this.#chosen = place;
    [...this.#list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === place)));
    if (place < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `find-option-${place}`);
  }
}

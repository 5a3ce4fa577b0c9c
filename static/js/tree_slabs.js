/*
 * TreeSlabs: the rows of the tree in slabs of some tens. Only slabs near what is seen hold rows, the others hold their
 * height: ten thousand lines cost no more than a screen of them.
 */
import { el } from "./dom.js";

const ROWS = 40;
/** Beyond the screen rows are made so far ahead, CSS pixels. */
const AHEAD_PX = 600;

export class TreeSlabs {
  #home; #make; #slabs = []; #rows = new Map(); #due = false; #kept = "";

  /** home: the element to fill. make(line) → a row with its element. onFilled(): other rows are there. */
  constructor({ home, make, onFilled }) {
    [this.#home, this.#make] = [home, make];
    const fill = () => {
      if (this.#due) return;
      this.#due = true;
      requestAnimationFrame(() => {
        this.#due = false;
        if (this.#fill()) onFilled();
      });
    };
    // Whatever scrolls: the tree, or on a phone the page.
    document.addEventListener("scroll", fill, { capture: true, passive: true });
    new ResizeObserver(fill).observe(home);
  }

  /** The rows that are made. */
  get rows() { return this.#rows.values(); }

  row(id) { return this.#rows.get(id); }

  /** Other lines. */
  lay(lines) {
    this.#rows.clear();
    this.#slabs = Array.from({ length: Math.ceil(lines.length / ROWS) }, (_, i) => slabOf(lines.slice(i * ROWS, (i + 1) * ROWS)));
    this.#home.replaceChildren(...this.#slabs.map(({ element }) => element));
    this.#fill();
  }

  /** The row with this id is made and stays, wherever one scrolls: it has the focus, or Tab leads to it. */
  keep(id) {
    this.#kept = id;
    const slab = this.#slabs.find(({ ids }) => ids.has(id));
    if (slab && !slab.filled) this.#fillOne(slab);
  }

  /** Rows where they are seen, none elsewhere. Returns whether any came. */
  #fill() {
    const seen = this.#slabs.map(({ element, ids }) => ids.has(this.#kept) || isNear(element.getBoundingClientRect()));
    let came = false;
    for (const [i, slab] of this.#slabs.entries()) {
      if (seen[i] === slab.filled) continue;
      if (seen[i]) this.#fillOne(slab);
      else this.#empty(slab);
      came ||= seen[i];
    }
    return came;
  }

  #fillOne(slab) {
    slab.filled = true;
    const rows = slab.lines.map((line) => [line.id, this.#make(line)]);
    for (const [id, row] of rows) this.#rows.set(id, row);
    slab.element.replaceChildren(...rows.map(([, { element }]) => element));
  }

  #empty(slab) {
    slab.filled = false;
    for (const id of slab.ids) this.#rows.delete(id);
    slab.element.replaceChildren();
  }
}

function slabOf(lines) {
  const element = el("div", { class: "slab", role: "presentation" });
  element.style.setProperty("--rows", String(lines.length));
  element.style.setProperty("--apps", String(lines.filter(({ level }) => level === 1).length));
  return { lines, ids: new Set(lines.map(({ id }) => id)), element, filled: false };
}

function isNear({ top, bottom }) {
  return bottom > top && bottom > -AHEAD_PX && top < innerHeight + AHEAD_PX;
}

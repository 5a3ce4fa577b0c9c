/* BoxGrid: boxes by where they are, so that "what is near this one?" does not ask all of them. */

const CELL = 400;

export class BoxGrid {
  #cells = new Map();

  /** boxes: [x, y, w, h] each, world pixels. */
  constructor(boxes) {
    for (const box of boxes) {
      for (const key of cellsOf(box)) {
        if (!this.#cells.has(key)) this.#cells.set(key, []);
        this.#cells.get(key).push(box);
      }
    }
  }

  /** The boxes that may touch an area [x, y, w, h], each once. */
  near(area) {
    const found = new Set();
    for (const key of cellsOf(area)) for (const box of this.#cells.get(key) ?? []) found.add(box);
    return [...found];
  }
}

function* cellsOf([x, y, w, h]) {
  const bottom = Math.floor((y + h) / CELL), right = Math.floor((x + w) / CELL);
  for (let row = Math.floor(y / CELL); row <= bottom; row++) {
    for (let column = Math.floor(x / CELL); column <= right; column++) yield `${column} ${row}`;
  }
}

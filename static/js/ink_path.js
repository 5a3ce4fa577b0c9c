/* InkPath: a path that is written down as SVG path data while it is made, by the calls of Path2D that our painters make. Pure. */

const FULL = 2 * Math.PI;

export class InkPath {
  #data; #at = null; #start = null;

  /** data: what to begin with. */
  constructor(data = "") {
    this.#data = data ? [data] : [];
  }

  /** SVG path data. */
  get data() {
    return this.#data.join("");
  }

  moveTo(x, y) {
    this.#write("M", [x, y]);
    this.#start = [x, y];
  }

  lineTo(x, y) {
    this.#write(this.#at ? "L" : "M", [x, y]);
    this.#start ??= [x, y];
  }

  bezierCurveTo(...points) {
    this.#write("C", points);
  }

  closePath() {
    this.#data.push("Z");
    this.#at = this.#start;
  }

  rect(x, y, w, h) {
    this.moveTo(x, y);
    this.lineTo(x + w, y);
    this.lineTo(x + w, y + h);
    this.lineTo(x, y + h);
    this.closePath();
  }

  roundRect(x, y, w, h, radius) {
    const r = Math.max(0, Math.min(radius, w / 2, h / 2)), right = x + w, bottom = y + h;
    this.moveTo(x + r, y);
    this.arcTo(right, y, right, bottom, r);
    this.arcTo(right, bottom, x, bottom, r);
    this.arcTo(x, bottom, x, y, r);
    this.arcTo(x, y, right, y, r);
    this.closePath();
  }

  /** Clockwise only, as all of ours are. */
  arc(x, y, r, from, to) {
    const on = (angle) => [x + r * Math.cos(angle), y + r * Math.sin(angle)], angle = Math.min(to - from, FULL);
    this.lineTo(...on(from));
    // One arc cannot come back to where it began: two halves can.
    for (const end of [from + angle / 2, from + angle]) this.#write("A", [r, r, 0, 0, 1, ...on(end)]);
  }

  /** The corner at (x1, y1) on the way to (x2, y2), rounded. */
  arcTo(x1, y1, x2, y2, r) {
    const [x0, y0] = this.#at ?? [x1, y1], before = unit(x0 - x1, y0 - y1), after = unit(x2 - x1, y2 - y1);
    const cosine = before[0] * after[0] + before[1] * after[1], cross = before[1] * after[0] - before[0] * after[1];
    if (!r || Math.abs(cross) < 1e-6) return this.lineTo(x1, y1);
    // The circle touches both sides so far from the corner.
    const far = r / Math.tan(Math.acos(Math.max(-1, Math.min(1, cosine))) / 2);
    this.lineTo(x1 + before[0] * far, y1 + before[1] * far);
    this.#write("A", [r, r, 0, 0, cross > 0 ? 1 : 0, x1 + after[0] * far, y1 + after[1] * far]);
  }

  #write(letter, numbers) {
    this.#data.push(letter, numbers.map(rounded).join(" "));
    this.#at = numbers.slice(-2);
  }
}

/** Two digits behind the point are a hundredth of a pixel. */
export function rounded(value) {
  return String(Math.round(value * 100) / 100);
}

function unit(x, y) {
  const length = Math.hypot(x, y);
  return length ? [x / length, y / length] : [0, 0];
}

/* Viewport: which part of the world the screen shows. screen = world · scale + offset, CSS pixels. No DOM. */

export const MIN_SCALE = 0.01;
export const MAX_SCALE = 2.5;
/** A fit never magnifies: text is made for 100 %. */
const FIT_MAX_SCALE = 1;

export class Viewport {
  x = 0;
  y = 0;
  scale = 1;
  width = 0;
  height = 0;

  #fitted = [0, 0, 1];

  /** Whether nothing was moved since all was shown. */
  get isFitted() {
    return [this.x, this.y, this.scale].every((value, i) => value === this.#fitted[i]);
  }

  /** Returns whether it had another size. */
  resize(width, height) {
    const isOther = this.width !== width || this.height !== height;
    [this.width, this.height] = [width, height];
    return isOther;
  }

  toWorld(screenX, screenY) {
    return [(screenX - this.x) / this.scale, (screenY - this.y) / this.scale];
  }

  panBy(dx, dy) {
    this.x += dx;
    this.y += dy;
  }

  /** The point under (screenX, screenY) stays where it is. */
  zoomAt(factor, screenX = this.width / 2, screenY = this.height / 2) {
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.scale * factor));
    const [worldX, worldY] = this.toWorld(screenX, screenY);
    this.scale = scale;
    this.x = screenX - worldX * scale;
    this.y = screenY - worldY * scale;
  }

  /** Have a point of the world in the middle of the screen. */
  centre(worldX, worldY, scale) {
    this.scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));
    this.x = this.width / 2 - worldX * this.scale;
    this.y = this.height / 2 - worldY * this.scale;
  }

  /** The point of the world in the middle of the screen. */
  middle() {
    return this.toWorld(this.width / 2, this.height / 2);
  }

  /** Show all of bounds [x, y, w, h]; margins [top, right, bottom, left] stay free. */
  fit(bounds, [top, right, bottom, left]) {
    const [x, y, w, h] = bounds;
    const roomX = Math.max(1, this.width - left - right), roomY = Math.max(1, this.height - top - bottom);
    this.scale = Math.max(MIN_SCALE, Math.min(FIT_MAX_SCALE, roomX / Math.max(1, w), roomY / Math.max(1, h)));
    this.x = left + (roomX - w * this.scale) / 2 - x * this.scale;
    this.y = top + (roomY - h * this.scale) / 2 - y * this.scale;
    this.#fitted = [this.x, this.y, this.scale];
  }

  /** Pan the least that brings a box fully into view; a box that is in view moves nothing. */
  reveal([x, y, w, h], margin) {
    const left = x * this.scale + this.x, top = y * this.scale + this.y;
    this.x += shift(left, w * this.scale, this.width, margin);
    this.y += shift(top, h * this.scale, this.height, margin);
  }

  /** Whether any of a box [x, y, w, h] may be on the screen. */
  sees([x, y, w, h]) {
    const left = x * this.scale + this.x, top = y * this.scale + this.y;
    return left < this.width && top < this.height && left + w * this.scale > 0 && top + h * this.scale > 0;
  }
}

/** The box [x, y, w, h] around boxes; null around none. */
export function boundsOf(boxes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y, w, h] of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return left === Infinity ? null : [left, top, right - left, bottom - top];
}

function shift(start, size, room, margin) {
  if (start < margin) return margin - start;
  const over = start + size - (room - margin);
  return over > 0 ? -Math.min(over, start - margin) : 0;
}

/* VeilPainter: what lies over everything that does not stand out. */

/** How much of it is hidden. */
const VEIL = 0.72;

/** Cover all that is drawn so far. */
export function paintVeil(context, { x, y, width, height, scale }, palette) {
  context.globalAlpha = VEIL;
  context.fillStyle = palette.canvas;
  context.fillRect(-x / scale, -y / scale, width / scale, height / scale);
  context.globalAlpha = 1;
}

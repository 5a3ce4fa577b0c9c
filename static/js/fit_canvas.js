/* FitCanvas: a canvas is as sharp as the screen. */

/** Give a canvas as many pixels as the screen has for it. Returns whether it changed, which clears it. */
export function fitCanvas(canvas, width, height) {
  const ratio = devicePixelRatio || 1, [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width === w && canvas.height === h) return false;
  canvas.width = w;
  canvas.height = h;
  return true;
}

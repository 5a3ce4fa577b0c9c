/* FlagPainter: the flag on a node of which the linter says something. Ink, as it tells nothing of what runs. */
import { drawnPath } from "./ink.js";

/** Pole and cloth, 16 × 16; the page's flags (node_marks.py, FLAG) are the same. */
export const POLE = "M4 14.5V2", CLOTH = "M4 2.5h9l-2.5 3.2 2.5 3.3H4z";
/** Where it stands: on the upper edge, from the left, in pixels of the graph. */
const LEFT = 14, RISES = 11;

/** Draw it on a node. severity: error (filled) | warning (empty) | info (broken line). */
export function paintFlag(context, [x, y], severity, palette) {
  const pole = drawnPath(POLE), cloth = drawnPath(CLOTH);
  context.save();
  context.translate(x + LEFT, y - RISES);
  context.lineCap = context.lineJoin = "round";
  // What it stands on must not run through it.
  context.strokeStyle = palette.canvas;
  context.lineWidth = 4;
  context.stroke(pole);
  context.stroke(cloth);
  context.strokeStyle = severity === "info" ? palette["text-3"] : palette.ink;
  context.fillStyle = severity === "error" ? palette.ink : palette.canvas;
  context.lineWidth = 1.5;
  context.fill(cloth);
  context.stroke(pole);
  if (severity === "info") context.setLineDash([1.5, 2.5]);
  context.stroke(cloth);
  context.restore();
}

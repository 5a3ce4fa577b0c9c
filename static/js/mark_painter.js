/* Marks and icons on the canvas. */
import { ICONS, MARKS } from "./icons.js";
import { drawnPath } from "./ink.js";

/** A status mark around (x, y). */
export function paintMark(context, state, x, y, palette, scale = 1) {
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  context.lineCap = "round";
  for (const [d, role] of MARKS[state]) {
    const [stroke, width] = strokeOf(role, palette);
    if (stroke) {
      context.strokeStyle = stroke;
      context.lineWidth = width;
      context.stroke(drawnPath(d));
    } else {
      context.fillStyle = palette[state];
      context.fill(drawnPath(d));
    }
  }
  context.restore();
}

/** An icon, 16 × 16, with its left top at (x, y). */
export function paintIcon(context, name, x, y, colour) {
  context.save();
  context.translate(x, y);
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = 1.5;
  context.strokeStyle = colour;
  context.stroke(drawnPath(ICONS[name]));
  context.restore();
}

/** The parts of a mark that are lines: colour and width; fills answer []. */
function strokeOf(role, palette) {
  return { "m-x": [palette["on-fail"], 1.6], "m-bang": [palette["on-warn"], 1.5], "m-idle": [palette.idle, 1.8], "m-unknown": [palette.unknown, 1.8] }[role] ?? [];
}

/*
 * Ink: the paths that painters draw with. Usually they are the canvas's own; while a picture is written as SVG they are
 * InkPaths, which know what they are made of.
 */
import { InkPath } from "./ink_path.js";

let Path = Path2D;
const drawn = new Map();

/** An empty path. */
export function newPath() {
  return new Path();
}

/** The path of an icon or mark, from its SVG path data; kept, as there are few. */
export function drawnPath(d) {
  if (Path === InkPath) return new InkPath(d);
  if (!drawn.has(d)) drawn.set(d, new Path2D(d));
  return drawn.get(d);
}

/** Do something whose new paths are InkPaths; returns what it returns. */
export function withInk(does) {
  Path = InkPath;
  try {
    return does();
  } finally {
    Path = Path2D;
  }
}

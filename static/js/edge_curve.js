/* EdgeCurve: where an edge runs, from its source's right to its target's left; worked out once a structure. */
import { shapeOf } from "./icons.js";
import { ports } from "./node_shape.js";

const STEPS = 24;
/** The line ends inside its arrow head, so that a thick one does not stick out at the tip. */
const HEAD_ROOM = 5;

/** {from, c1, c2, to, box, path}: a cubic curve in world pixels. */
export function edgeCurve(source, target) {
  const from = ports(shapeOf(source), source.box).out, to = ports(shapeOf(target), target.box).in;
  const dx = to[0] - from[0];
  // An edge that runs back swings out on both sides, so that it is seen to run back.
  const reach = dx >= 0 ? Math.max(Math.min(28, dx), dx * 0.5) : 60 + Math.min(240, -dx * 0.25);
  const c1 = [from[0] + reach, from[1]], c2 = [to[0] - reach, to[1]];
  const xs = [from[0], to[0], c1[0], c2[0]], ys = [from[1], to[1]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const path = new Path2D();
  path.moveTo(...from);
  path.bezierCurveTo(...c1, c2[0] - HEAD_ROOM, c2[1], to[0] - HEAD_ROOM, to[1]);
  return { from, c1, c2, to, path, box: [left, top, Math.max(...xs) - left, Math.max(...ys) - top] };
}

/** The point at t (0 … 1). */
export function pointAt({ from, c1, c2, to }, t) {
  const u = 1 - t;
  return [0, 1].map((i) => u * u * u * from[i] + 3 * u * u * t * c1[i] + 3 * u * t * t * c2[i] + t * t * t * to[i]);
}

/** How far a point is from the curve, nearly. */
export function distanceTo(curve, [x, y]) {
  let nearest = Infinity;
  for (let step = 0; step <= STEPS; step++) {
    const [px, py] = pointAt(curve, step / STEPS);
    nearest = Math.min(nearest, Math.hypot(px - x, py - y));
  }
  return nearest;
}

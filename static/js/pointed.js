/* Pointed: what is under the pointer. */
import { framesOf } from "./app_frames.js";
import { distanceTo } from "./edge_curve.js";
import { pinAt } from "./pin_painter.js";
import { NAME_HEIGHT } from "./runs.js";

export const NOTHING = Object.freeze({ node: null, run: null, app: null, name: null, pin: null });
/** How near a pointer must be, screen pixels. */
const EDGE_SLOP_PX = 6;
const NODE_SLOP_PX = 4;

/**
 * {node, run, app, name, pin} at a place on the screen; app: a folded one's card; name: an app's header; pin: a mark's
 * [kind, name], alone. Null for none.
 */
export function pointedAt(scene, viewport, screenX, screenY) {
  const { scale } = viewport, point = viewport.toWorld(screenX, screenY);
  const pin = pinAt(scene, point, { scale, slop: NODE_SLOP_PX / scale });
  if (pin) return { ...NOTHING, pin };
  const frameOf = (app) => (scene.folded.has(app.key) ? [app.box] : framesOf(app)).find((box) => isIn(box, point));
  const over = scene.apps.find(frameOf) ?? null, app = over && scene.folded.has(over.key) ? over : null;
  const node = app ? null : nodeAt(scene, over, point, NODE_SLOP_PX / scale);
  const run = node || app ? null : runAt(scene, point, EDGE_SLOP_PX / scale);
  const isName = over && !app && !node && !run && point[1] < frameOf(over)[1] + NAME_HEIGHT;
  return { ...NOTHING, node, run, app, name: isName ? over : null };
}

function nodeAt(scene, app, point, slop) {
  const over = ({ box }) => isIn(box, point, slop);
  return (app && scene.nodesOf(app).findLast(over)) ?? [...scene.nodes()].findLast(over) ?? null;
}

function runAt(scene, point, slop) {
  let found = null, nearest = slop;
  for (const run of scene.runs) {
    if (!isIn(run.box, point, slop) || !isIn(run.curve.box, point, slop)) continue;
    const distance = distanceTo(run.curve, point);
    if (distance < nearest) [found, nearest] = [run, distance];
  }
  return found;
}

function isIn([left, top, width, height], [x, y], slop = 0) {
  return x > left - slop && x < left + width + slop && y > top - slop && y < top + height + slop;
}

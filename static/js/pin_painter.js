/* PinPainter: the mark on what somebody has put somewhere by hand; a click on it lets it go. */
import { NODES_FROM } from "./folding.js";
import { paintIcon } from "./mark_painter.js";

/** Where the mark's middle is, from the left top corner of its thing. */
const PLACE = [16, 0];
const RADIUS = 10;

/** The marks that are drawn: [kind, name, [x, y]], kind nodes | apps; none where they were too small to point at. */
function* pinMarks(scene, scale) {
  const { nodes, apps } = scene.pins;
  if (scale < NODES_FROM) return;
  if (apps.size) for (const { key, box } of scene.apps) if (apps.has(key)) yield ["apps", key, middle(box)];
  if (nodes.size) for (const { id, box } of scene.nodes()) if (nodes.has(id)) yield ["nodes", id, middle(box)];
}

/** The mark at a point, or null. slop: how much larger than drawn it may be hit, world pixels. */
export function pinAt(scene, [x, y], { scale, slop }) {
  for (const mark of pinMarks(scene, scale)) if (Math.hypot(mark[2][0] - x, mark[2][1] - y) < RADIUS + slop) return mark;
  return null;
}

export function paintPins(context, scene, { palette, scale }) {
  for (const [, , [x, y]] of pinMarks(scene, scale)) {
    context.beginPath();
    context.arc(x, y, RADIUS, 0, 2 * Math.PI);
    context.fillStyle = palette.ink;
    context.fill();
    paintIcon(context, "pin", x - 8, y - 8, palette["on-ink"]);
  }
}

function middle([x, y]) {
  return [x + PLACE[0], y + PLACE[1]];
}

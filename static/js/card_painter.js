/* CardPainter: the body of a node: outline, fill, and for a stream how long messages wait. */
import { outline } from "./node_shape.js";

/** Draw it. look: {palette, hovered}. */
export function paintCard(context, shape, node, { palette, hovered }) {
  const { state } = node.stats, path = outline(shape, node.box), loud = ["fail", "warn", "wait"].includes(state);
  if (state === "idle") context.globalAlpha = 0.6;
  context.fillStyle = state === "fail" ? palette["fail-tint"] : palette.card;
  context.fill(path);
  if (shape === "stream") paintLevel(context, path, node, palette);
  context.lineWidth = loud ? 1.5 : 1;
  context.strokeStyle = hovered ? palette.ink : loud ? palette[state] : palette["card-line"];
  if (shape === "dangling") context.setLineDash([6, 4]);
  else if (!node.declared) context.setLineDash([9, 4, 0.1, 4]);
  context.stroke(path);
  context.setLineDash([]);
  if (state === "fail") {
    context.lineWidth = 1;
    context.strokeStyle = palette.fail;
    context.stroke(outline(shape === "http" ? "dangling" : shape, inset(node.box, 3.5)));
  }
  context.globalAlpha = 1;
}

/** How long messages wait, 10 ms … 10 s in three decades: tint and a meter at the bottom. */
function paintLevel(context, path, { box: [x, y, w, h], stats: { wait, state } }, palette) {
  if (!wait) return;
  const level = w * Math.min(1, Math.max(0.06, Math.log10(wait / 10) / 3));
  context.save();
  context.clip(path);
  context.fillStyle = state === "wait" ? palette["wait-level"] : palette.level;
  context.fillRect(x, y, level, h);
  context.fillStyle = state === "wait" ? palette.wait : palette.ok;
  context.fillRect(x, y + h - 4, level, 4);
  context.restore();
}

function inset([x, y, w, h], by) {
  return [x + by, y + by, w - 2 * by, h - 2 * by];
}

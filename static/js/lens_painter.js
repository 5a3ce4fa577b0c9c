/* LensPainter: badges on nodes and lines, and what is not there any more; text says what colour says. */
import { cardCurve } from "./card_curve.js";
import { pointAt } from "./edge_curve.js";
import { edgeName } from "./edge_name.js";
import { shapeOf } from "./icons.js";
import { outline } from "./node_shape.js";
import { fitted, plain, widthOf } from "./text_fit.js";

/** Badges stay readable from afar: they grow against the distance, up to so much. */
const READABLE = 0.8;
const MOST_GROWN = 6;
const HEIGHT = 18;
const PAD = 7;
const DASH = [6, 4];

/** Draw a lens over a scene. nodes, apps, runs: what of it is in sight. */
export function paintLens(context, lens, { nodes, apps, runs, palette, scale }) {
  const grown = Math.min(MOST_GROWN, Math.max(1, READABLE / scale)), named = new Map(runs.map((run) => [edgeName(run), run]));
  for (const ghost of lens.ghosts) paintGhost(context, ghost, palette, grown);
  for (const line of lens.lines) paintLine(context, line, named.get(line.name)?.curve, { palette, scale, grown });
  for (const { id, box: [x, y] } of nodes) if (lens.badges.has(id)) paintBadge(context, lens.badges.get(id), x + 8, y, palette, grown);
  for (const { key, box: [x, y] } of apps) if (lens.badges.has(key)) paintBadge(context, lens.badges.get(key), x + 8, y, palette, grown);
}

function paintLine(context, line, drawn, { palette, scale, grown }) {
  if (!drawn && !line.ends) return;
  const curve = drawn ?? cardCurve(...line.ends);
  context.strokeStyle = palette[line.tone];
  context.lineWidth = Math.max(2, 1.2 / scale);
  context.setLineDash(line.dash ?? (drawn ? [] : DASH));
  context.stroke(curve.path);
  context.setLineDash([]);
  const [x, y] = pointAt(curve, 0.5);
  paintBadge(context, line, x - PAD, y, palette, grown);
}

function paintGhost(context, { kind, name, box, text, tone }, palette, grown) {
  const [x, y, w, h] = box, path = outline(shapeOf({ kind }), box);
  context.fillStyle = palette.surface;
  context.fill(path);
  context.strokeStyle = palette[tone];
  context.lineWidth = 1.5;
  context.setLineDash(DASH);
  context.stroke(path);
  context.setLineDash([]);
  context.font = `600 13px ${palette.sans}`;
  context.fillStyle = palette["text-2"];
  context.fillText(fitted(context, plain(name), w - 28), x + 14, y + h / 2 + 5);
  paintBadge(context, { text, tone }, x + 8, y, palette, grown);
}

/** A pill whose left middle is at (x, y). */
function paintBadge(context, { text, tone }, x, y, palette, grown) {
  context.font = `600 ${11 * grown}px ${palette.sans}`;
  const width = widthOf(context, text) + 2 * PAD * grown, height = HEIGHT * grown, isInk = tone === "ink";
  context.beginPath();
  context.roundRect(x, y - height / 2, width, height, height / 2);
  context.fillStyle = isInk ? palette.ink : palette[`${tone}-tint`];
  context.fill();
  context.lineWidth = grown;
  context.strokeStyle = palette[tone];
  context.stroke();
  context.fillStyle = isInk ? palette["on-ink"] : palette[`${tone}-text`];
  context.fillText(text, x + PAD * grown, y + 4 * grown);
}

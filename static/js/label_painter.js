/* LabelPainter: what is written on edges, in a place where it covers no node and no other label. */
import { pointAt } from "./edge_curve.js";
import { edgeText, waits } from "./edge_painter.js";
import { plain, widthOf } from "./text_fit.js";

const HEIGHT = 20;
const PAD = 10;
/** An edge must be this much longer than the label on it. */
const MOST_OF_EDGE = 1.5;
/** Tried along the curve in this order: the middle first. */
const PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];

/**
 * Draw the labels of some edges. `taken` are the boxes they must not cover. One without room on its curve is left out,
 * unless it waits or is the one `asked` for.
 */
export function paintLabels(context, runs, taken, { palette, asked }) {
  const covered = [...taken];
  for (const run of runs) {
    const text = plain(edgeText(run)), loud = waits(run);
    if (!text) continue;
    context.font = `${loud ? 600 : 400} 12px ${palette.sans}`;
    const width = Math.round(widthOf(context, text) + 2 * PAD), box = freePlace(run.curve, width, covered, loud || run === asked);
    if (!box) continue;
    covered.push(box);
    paintLabel(context, text, box, loud, palette);
  }
}

function freePlace(curve, width, covered, needed) {
  // On a short edge a label would be all that is seen of it.
  const roomy = Math.hypot(curve.to[0] - curve.from[0], curve.to[1] - curve.from[1]) > width * MOST_OF_EDGE;
  for (const t of roomy || needed ? PLACES : []) {
    const [x, y] = pointAt(curve, t), box = [x - width / 2, y - HEIGHT / 2, width, HEIGHT];
    if (!covered.some((other) => overlap(box, other))) return box;
  }
  if (!needed) return null;
  // The free band above or below the curve's middle.
  const [x, y] = pointAt(curve, 0.5);
  for (const dy of [-44, 44, -66, 66]) {
    const box = [x - width / 2, y + dy - HEIGHT / 2, width, HEIGHT];
    if (!covered.some((other) => overlap(box, other))) return box;
  }
  return null;
}

function paintLabel(context, text, [x, y, w, h], loud, palette) {
  context.beginPath();
  context.roundRect(x, y, w, h, h / 2);
  context.fillStyle = loud ? palette["wait-tint"] : palette.card;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = loud ? palette["wait-tint"] : palette["line-strong"];
  context.stroke();
  context.fillStyle = loud ? palette["wait-text"] : palette["text-2"];
  context.fillText(text, x + PAD, y + 14.2);
}

function overlap([ax, ay, aw, ah], [bx, by, bw, bh]) {
  return ax < bx + bw && bx < ax + aw && ay < by + bh && by < ay + ah;
}

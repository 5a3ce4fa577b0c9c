/* LabelPainter: what is written on edges, in a place where it covers no node and no other label. */
import { pointAt } from "./edge_curve.js";
import { edgeNumbers, wholeText } from "./edge_numbers.js";
import { edgeText, waits } from "./edge_painter.js";
import { FULL_FROM } from "./folding.js";
import { plain, widthOf } from "./text_fit.js";

const HEIGHT = 20;
const PAD = 10;
/** Below full detail a label is this much of its size on the screen. */
const SMALL = 0.85;
/** An edge must be this much longer than the label on it. */
const MOST_OF_EDGE = 1.5;
/** Tried along the curve in this order: the middle first. */
const PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];

/**
 * Draw the labels of some edges. `taken` are the boxes they must not cover. One without room on its curve is left out,
 * unless it waits or is `pointed` at; those of `asked` may stand on a short one. numbers: what is known is written, as much of it as there is room for.
 * scale: of the scene; where names alone are drawn, labels are short, and larger than the scene.
 */
export function paintLabels(context, runs, taken, { palette, pointed, asked, numbers, scale }) {
  const covered = [...taken], small = scale < FULL_FROM, unit = small ? SMALL / scale : 1;
  for (const run of runs) {
    const loud = waits(run), all = (numbers && edgeNumbers(run)) || [edgeText(run)], isAsked = asked.includes(run), texts = small ? all.slice(-1) : isAsked ? [wholeText(run)] : all;
    context.font = `${loud ? 600 : 400} ${12 * unit}px ${palette.sans}`;
    for (const text of texts.map(plain)) {
      const isLast = text === texts.at(-1), needed = isLast && !small && (loud || run === pointed);
      const box = text && freePlace(run.curve, widthOf(context, text) + 2 * PAD * unit, { covered, needed, unit, tight: needed || (isLast && (numbers || isAsked)) });
      if (!box) continue;
      covered.push(box);
      paintLabel(context, text, box, { loud, palette, unit });
      break;
    }
  }
}

function freePlace(curve, width, { covered, needed, unit, tight }) {
  // On a short edge a label would be all that is seen of it.
  const roomy = Math.hypot(curve.to[0] - curve.from[0], curve.to[1] - curve.from[1]) > width * MOST_OF_EDGE, height = HEIGHT * unit;
  for (const t of roomy || tight ? PLACES : []) {
    const [x, y] = pointAt(curve, t), box = [x - width / 2, y - height / 2, width, height];
    if (!covered.some((other) => overlap(box, other))) return box;
  }
  if (!needed) return null;
  // The free band above or below the curve's middle.
  const [x, y] = pointAt(curve, 0.5);
  for (const dy of [-44, 44, -66, 66]) {
    const box = [x - width / 2, y + dy - height / 2, width, height];
    if (!covered.some((other) => overlap(box, other))) return box;
  }
  return null;
}

function paintLabel(context, text, [x, y, w, h], { loud, palette, unit }) {
  context.beginPath();
  context.roundRect(x, y, w, h, h / 2);
  context.fillStyle = loud ? palette["wait-tint"] : palette.card;
  context.fill();
  context.lineWidth = unit;
  context.strokeStyle = loud ? palette["wait-tint"] : palette["line-strong"];
  context.stroke();
  context.fillStyle = loud ? palette["wait-text"] : palette["text-2"];
  context.fillText(text, x + PAD * unit, y + 14.2 * unit);
}

function overlap([ax, ay, aw, ah], [bx, by, bw, bh]) {
  return ax < bx + bw && bx < ax + aw && ay < by + bh && by < ay + ah;
}

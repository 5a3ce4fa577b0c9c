/* MergePainter: on a line between cards, how many lines it stands for. */
import { pointAt } from "./edge_curve.js";
import { widthOf } from "./text_fit.js";

/** Screen pixels. */
const RADIUS = 9, TEXT = 11;

/** Draw the number of each run that ends on a card and stands for several lines; none where it would cover a card. */
export function paintMerged(context, runs, cards, { palette, scale }) {
  const px = 1 / scale;
  context.font = `600 ${TEXT * px}px ${palette.sans}`;
  for (const { edges, source, target, curve } of runs) {
    if (edges.length < 2 || (source.id && target.id)) continue;
    const [x, y] = pointAt(curve, 0.5), text = String(edges.length), half = Math.max(RADIUS * px, widthOf(context, text) / 2 + 5 * px);
    if (cards.some(({ box: [left, top, w, h] }) => x + half > left && x - half < left + w && y + RADIUS * px > top && y - RADIUS * px < top + h)) continue;
    context.beginPath();
    context.roundRect(x - half, y - RADIUS * px, 2 * half, 2 * RADIUS * px, RADIUS * px);
    context.fillStyle = palette.card;
    context.fill();
    context.lineWidth = px;
    context.strokeStyle = palette["line-strong"];
    context.stroke();
    context.fillStyle = palette["text-2"];
    context.fillText(text, x - widthOf(context, text) / 2, y + TEXT * px * 0.36);
  }
}

/* EdgePainter: the line between two nodes. Width says how much passes, dashes say what it rests on. */
import { evidence, evidenceWords } from "./edge_state.js";
import { durationText, rateText } from "./numbers.js";
import { t } from "./text.js";

/** Runs per second at which the line grows: the legend shows the same steps. */
const WIDTHS = [[1000, 4], [100, 2.5], [10, 1.5], [0, 1]];
const DASHES = { confirmed: [], never: [0.1, 5], quiet: [16, 7], undeclared: [9, 4, 0.1, 4], dangling: [6, 4], skewed: [6, 4, 0.1, 4, 0.1, 4] };
const ROUND = new Set(["never", "undeclared", "skewed"]);
const NEVER_WIDTH = 2.2;
/** No line is finer on the screen, however far away. */
const FINEST_PX = 0.7;
/** A stream's reader waits when its messages are older than this: node_state.py's threshold. */
const WAIT_MS = 1000;

/** Whether messages wait on it. */
export const waits = ({ edges }) => edges.some(({ wait }) => (wait ?? 0) > WAIT_MS);

/** What is written on it: `express 24/s · wait p95 3.2 s`. */
export function edgeText(run) {
  const { edges } = run, kind = evidence(run), wait = Math.max(...edges.map((edge) => edge.wait ?? 0));
  const said = evidenceWords(run);
  const named = edges.some(({ label }) => label);
  const rates = edges.filter(({ rate }) => rate !== null || named).map(({ label, rate }) =>
    [named && (label || "AUTO"), rate !== null && kind !== "never" && rateText(rate)].filter(Boolean).join(" "));
  return [said, ...rates, wait && t("wait p95 {time}", { time: durationText(wait) })].filter(Boolean).join(" · ");
}

/** Draw the line and its head. look: {palette, scale, ink (selected or hovered), heads}. */
export function paintEdge(context, run, { palette, scale, ink, heads }) {
  const { edges, curve } = run, kind = evidence(run), rate = edges.reduce((sum, edge) => sum + (edge.rate ?? 0), 0);
  // Between cards, which are as large as the screen has them, lines are, too.
  const unit = curve.way ? Math.max(1, 1 / scale) : 1;
  const width = Math.max((kind === "never" ? NEVER_WIDTH : widthOf(rate)) * unit, FINEST_PX / scale), colour = ink ? palette.ink : waits(run) ? palette.wait : palette.edge;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width;
  context.lineCap = ROUND.has(kind) ? "round" : "butt";
  context.setLineDash(DASHES[kind].map((length) => length * unit));
  context.stroke(curve.path);
  context.setLineDash([]);
  if ((heads || curve.way) && edges[0].kind !== "request") paintHead(context, curve, { width: width / unit, unit });
}

function paintHead(context, { to: [x, y], way: [dx, dy] = [1, 0] }, { width, unit }) {
  const size = (width < 2 ? 6 : width < 3 ? 7 : 9) * unit, [backX, backY, side] = [x - dx * size, y - dy * size, size * 0.6];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(backX - dy * side, backY - dx * side);
  context.lineTo(backX + dy * side, backY + dx * side);
  context.closePath();
  context.fill();
}

function widthOf(rate) {
  return WIDTHS.find(([from]) => rate >= from)[1];
}

/* LinkPainter: from very far away all lines at once, in one stroke: which app has to do with which, and where it waits. */
import { cardEnds } from "./card_curve.js";
import { waits } from "./edge_painter.js";
import { newPath } from "./ink.js";

/** On the screen, whatever the scale. */
const WIDTH_PX = 0.7;
const WAITING_PX = 1.5;

/** Draw the lines of a scene whose apps are all cards. */
export function paintLinks(context, scene, { palette, scale }) {
  context.globalAlpha = 0.7;
  stroke(context, scene.linkPath, palette.edge, WIDTH_PX / scale);
  context.globalAlpha = 1;
  const waiting = scene.runs.filter(waits);
  if (waiting.length) stroke(context, linkPath(waiting), palette.wait, WAITING_PX / scale);
}

/** One path for all runs: straight from one box to the other. */
export function linkPath(runs) {
  const path = newPath();
  for (const { source, target } of runs) {
    const { from, to } = cardEnds(source.box, target.box);
    path.moveTo(...from);
    path.lineTo(...to);
  }
  return path;
}

function stroke(context, path, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}

/* ChartLane: one of the lanes of a chart over time: a line or bars to its own scale, and what was earlier behind it. */
import { paintGhost } from "./chart_ghost.js";
import { roundUp } from "./chart_scale.js";

/** lane: {name, values, then: what was earlier, say(value), colour, tint, bars}; values are null where nothing is known. x(i): where step i of then begins. */
export function paintLane(context, { name, values, then = [], say, colour, tint, bars }, box, { at, palette, x: xThen }) {
  const { left, top, width, height } = box, highest = Math.max(0, ...values, ...then), most = roundUp(highest), base = top + height;
  const x = (i) => middle(box, values.length, i), y = (value) => base - (value / most) * height;
  context.strokeStyle = palette["card-line"];
  context.lineWidth = 1;
  for (const line of [top, base]) stroke(context, [[left, line - 0.5], [left + width, line - 0.5]]);
  context.fillStyle = palette["text-3"];
  context.textAlign = "left";
  context.fillText(name, left, top - 5);
  context.fillText(highest > 0 ? say(most) : "none", left + width + 6, top + 4);
  context.fillText("0", left + width + 6, base + 3);
  paintGhost(context, then, { x: xThen, y, colour: palette["text-3"] });
  context.strokeStyle = context.fillStyle = colour;
  const step = width / values.length;
  // A single failure among many is what people look for: never less than two pixels.
  if (bars) values.forEach((value, i) => value && context.fillRect(left + i * step, Math.min(y(value), base - 2), Math.max(1.5, step - 0.5), Math.max(2, base - y(value))));
  else for (const part of unbroken(values)) paintLine(context, part.map((i) => [x(i), y(values[i])]), { base, colour, tint });
  if (at >= 0 && values[at] !== null && !bars) dot(context, x(at), y(values[at]), 3);
}

function paintLine(context, points, { base, colour, tint }) {
  if (tint) {
    context.fillStyle = tint;
    context.beginPath();
    for (const [x, y] of [[points[0][0], base], ...points, [points.at(-1)[0], base]]) context.lineTo(x, y);
    context.fill();
  }
  context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  stroke(context, points);
  if (points.length === 1) dot(context, ...points[0], 1.5);
}

/** Runs of indices without a gap between them. */
function unbroken(values) {
  const parts = [];
  values.forEach((value, i) => { if (value !== null) (i && values[i - 1] !== null ? parts.at(-1) : parts[parts.push([]) - 1]).push(i); });
  return parts;
}

/** Where value i of so many stands. */
export const middle = ({ left, width }, count, i) => left + ((i + 0.5) / count) * width;

export function stroke(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

function dot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

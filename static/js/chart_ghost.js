/* ChartGhost: what was a day or a week earlier, as a line in its own steps, and what is said of both. */

/** How its line is dashed, and how thick it is, CSS pixels. */
const LOOK = [[3, 2], 1];

/** values: of steps, null where nothing is known. x(i): where step i begins; what would lie outside of the chart has no width. */
export function paintGhost(context, values, { x, y, colour, look: [dash, lineWidth] = LOOK }) {
  context.save();
  context.setLineDash(dash);
  Object.assign(context, { strokeStyle: colour, lineWidth });
  context.beginPath();
  values.forEach((value, i) => {
    if (value === null || x(i) === x(i + 1)) return;
    if ((values[i - 1] ?? null) === null) context.moveTo(x(i), y(value));
    context.lineTo(x(i), y(value));
    context.lineTo(x(i + 1), y(value));
  });
  context.stroke();
  context.restore();
}

/** A text, and below it both of the step at a time, or of all where nobody asks for one. */
export function withEarlier(text, { earlier }, atS) {
  return [text, earlier && (earlier.words?.[Math.floor((atS - earlier.from_s) / earlier.step_s)] ?? earlier.whole)].filter(Boolean).join("\n");
}

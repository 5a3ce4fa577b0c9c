/*
 * TimeChart: runs as a pale area, failures as bars before it, each to its own scale, and the clock below; a day or a week
 * earlier as lines, to the same scales.
 */
import { paintGhost } from "./chart_ghost.js";
import { clockTicks } from "./chart_scale.js";
import { clockText } from "./numbers.js";

const BELOW = 16, TICK_PX = 80, DAY_S = 86_400;
const TICKS_S = [60, 300, 600, 1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600, DAY_S];

/** told: {from_s, until_s, step_s, runs, failed, earlier}. at: the step that is asked for, −1 for none. drag: [first, last], steps, or null. then: the time the graph is of, 0 for now. */
export function paintTime(context, { from_s: fromS, until_s: untilS, runs, failed, earlier }, { width, height, at, drag, then, palette }) {
  const base = height - BELOW, step = width / runs.length;
  if (drag) fill(context, palette.hover, drag[0] * step, 0, (drag[1] - drag[0] + 1) * step, base);
  const { runs: runsThen = [], failed: failedThen = [] } = earlier ?? {}, most = Math.max(1, ...runs, ...runsThen);
  bars(context, runs, { step, base, colour: palette.level, least: 1, most });
  outline(context, runsThen, { step, base, most, colour: palette["text-2"] });
  // One failure among many is what people look for; and what fails less than a tenth does not look like all of it.
  const mostFailed = Math.max(1, most / 10, ...failed, ...failedThen);
  bars(context, failed, { step, base, colour: palette.fail, least: 3, most: mostFailed });
  outline(context, failedThen, { step, base, most: mostFailed, colour: palette["fail-text"] });
  fill(context, palette["line-strong"], 0, base, width, 1);
  if (at >= 0) fill(context, palette.ink, Math.round((at + 0.5) * step), 0, 1, base);
  if (then >= fromS && then <= untilS) fill(context, palette.ink, Math.min(width - 2, Math.round(((then - fromS) / (untilS - fromS)) * width) - 1), 0, 2, height);
  context.font = `11px ${palette.sans}`;
  context.fillStyle = palette["text-3"];
  context.textAlign = "center";
  const tickS = TICKS_S.find((each) => (width * each) / (untilS - fromS) >= TICK_PX) ?? DAY_S * Math.ceil(((untilS - fromS) * TICK_PX) / width / DAY_S);
  for (const tick of clockTicks(fromS, untilS, tickS)) {
    const x = ((tick - fromS) / (untilS - fromS)) * width;
    if (x > TICK_PX / 4 && x < width - TICK_PX / 4) context.fillText(tickText(tick, tickS), x, height - 4);
  }
}

function bars(context, values, { step, base, colour, least, most }) {
  values.forEach((value, at) => {
    const tall = Math.max(least, (value / most) * (base - 2));
    if (value) fill(context, colour, at * step, base - tall, Math.max(1.5, step - 0.5), tall);
  });
}

/** What was earlier; no line where nothing ran or is kept. */
function outline(context, values, { step, base, most, colour }) {
  paintGhost(context, values.map((value) => value || null), { x: (i) => i * step, y: (value) => base - 1 - (value / most) * (base - 3), colour, look: [[], 1.5] });
}

function tickText(atS, tickS) {
  const time = new Date(atS * 1000), clock = clockText(atS).slice(0, 5);
  return tickS >= DAY_S || clock === "00:00" ? time.toLocaleDateString("sv").slice(5) : clock;
}

function fill(context, colour, ...box) {
  context.fillStyle = colour;
  context.fillRect(...box);
}

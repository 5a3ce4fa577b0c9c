/*
 * ChartTime: the last quarter of an hour, or the time around a moment, as lanes one below the other: rate, failures, and how
 * long it took. A line stands at the moment.
 */
import { withEarlier } from "./chart_ghost.js";
import { middle, paintLane, stroke } from "./chart_lane.js";
import { clockTicks } from "./chart_scale.js";
import { agoText, clockText, durationText, rateText, shortNumber } from "./numbers.js";

/** On the right for what the top of a lane stands for, below for the clock, above each lane for its name. */
const RIGHT = 48, BELOW = 18, NAME = 20;
/** Steps of the clock, seconds: a quarter of an hour has three, an hour four. */
const TICKS_S = [300, 900, 3600, 6 * 3600, 86400], MOST_TICKS = 4;

/** data: visualizer/core/chart_data.py, time_chart. */
export const chartTime = {
  count: (data) => data.rate.length,

  /** Which value stands at x. */
  at: (data, x, width) => Math.min(data.rate.length - 1, Math.max(0, Math.floor((x / (width - RIGHT)) * data.rate.length))),

  /** Which value stands there while none is asked for: the last that was over at the moment, or of all. */
  begin: (data) => (data.at_s ? Math.max(0, Math.floor((data.at_s - startOf(data, 0)) / data.slot_s) - 1) : data.rate.length - 1),

  text: (data, at) => withEarlier(textOf(data, at), data, startOf(data, at)),

  /** What stands there while nobody points at anything. */
  rest: (data) => withEarlier(textOf(data, chartTime.begin(data)), data),

  paint(context, data, { width, height, at, palette }) {
    const lanes = lanesOf(data, palette), weights = lanes.reduce((sum, { weight }) => sum + weight, 0), startS = startOf(data, 0);
    const room = height - BELOW - lanes.length * NAME, box = { left: 0, width: width - RIGHT };
    let top = 0;
    const stand = (atS) => Math.min(1, Math.max(0, (atS - startS) / (data.end_s - startS))) * box.width;
    for (const lane of lanes) {
      const tall = Math.round((room * lane.weight) / weights);
      paintLane(context, lane, { ...box, top: top + NAME, height: tall }, { at, palette, x: (i) => stand(data.earlier.from_s + i * data.earlier.step_s) });
      top += NAME + tall;
    }
    paintClock(context, data, { ...box, top }, palette);
    if (data.at_s) paintRule(context, stand(data.at_s), top, palette);
    if (at >= 0) paintRule(context, middle(box, data.rate.length, at), top, palette);
  },
};

function textOf({ rate, failed, p95, waits, ...data }, at) {
  return [clockText(startOf({ rate, ...data }, at)), rateText(rate[at]), failed && `${failed[at]} failed`, `${waits ? "wait p95" : "p95"} ${durationText(p95[at])}`].filter(Boolean).join(" · ");
}

function lanesOf({ rate, failed, p95, waits, slot_s: slotS, earlier }, palette) {
  return [
    { name: "rate", values: rate, then: earlier?.rate, say: rateText, weight: 3, colour: palette.ok, tint: palette["ok-tint"] },
    failed && { name: `failed in ${agoText(slotS)}`, values: failed, then: earlier?.failed, say: shortNumber, weight: 2, colour: palette.fail, bars: true },
    { name: waits ? "wait p95" : "p95", values: p95, then: earlier?.p95, say: durationText, weight: 3, colour: waits ? palette.wait : palette["text-2"] },
  ].filter(Boolean);
}

function paintClock(context, data, { left, top, width }, palette) {
  const startS = startOf(data, 0), lengthS = data.end_s - startS, stepS = TICKS_S.find((one) => lengthS / one <= MOST_TICKS) ?? TICKS_S.at(-1);
  context.fillStyle = palette["text-3"];
  for (const at of clockTicks(startS, data.end_s, stepS)) {
    const x = left + ((at - startS) / lengthS) * width, text = clockText(at).slice(0, 5), half = context.measureText(text).width / 2;
    context.fillText(text, Math.max(0, x - half), top + 14);
  }
}

function paintRule(context, x, bottom, palette) {
  context.strokeStyle = palette.ink;
  context.lineWidth = 1;
  stroke(context, [[Math.round(x) + 0.5, NAME], [Math.round(x) + 0.5, bottom]]);
}

const startOf = (data, at) => data.end_s - (data.rate.length - at) * data.slot_s;

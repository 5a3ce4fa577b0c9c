/*
 * ChartTime: the last quarter of an hour, or the time around a moment, as lanes one below the other: rate, failures, and how
 * long it took. A line stands at the moment.
 */
import { clockTicks, roundUp } from "./chart_scale.js";
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

  text(data, at) {
    const failed = data.failed && `${data.failed[at]} failed`, took = `${data.waits ? "wait p95" : "p95"} ${durationText(data.p95[at])}`;
    return [clockText(startOf(data, at)), rateText(data.rate[at]), failed, took].filter(Boolean).join(" · ");
  },

  paint(context, data, { width, height, at, palette }) {
    const lanes = lanesOf(data, palette), weights = lanes.reduce((sum, { weight }) => sum + weight, 0);
    const room = height - BELOW - lanes.length * NAME, box = { left: 0, width: width - RIGHT };
    let top = 0;
    for (const lane of lanes) {
      const tall = Math.round((room * lane.weight) / weights);
      paintLane(context, lane, { ...box, top: top + NAME, height: tall }, { at, palette });
      top += NAME + tall;
    }
    paintClock(context, data, { ...box, top }, palette);
    if (data.at_s) paintRule(context, momentOf(data, box), top, palette);
    if (at >= 0) paintRule(context, middle(box, data.rate.length, at), top, palette);
  },
};

function lanesOf({ rate, failed, p95, waits, slot_s: slotS }, palette) {
  return [
    { name: "rate", values: rate, say: rateText, weight: 3, colour: palette.ok, tint: palette["ok-tint"] },
    failed && { name: `failed in ${agoText(slotS)}`, values: failed, say: shortNumber, weight: 2, colour: palette.fail, bars: true },
    { name: waits ? "wait p95" : "p95", values: p95, say: durationText, weight: 3, colour: waits ? palette.wait : palette["text-2"] },
  ].filter(Boolean);
}

function paintLane(context, { name, values, say, colour, tint, bars }, box, { at, palette }) {
  const { left, top, width, height } = box, highest = Math.max(0, ...values.filter((value) => value !== null)), most = roundUp(highest), base = top + height;
  const x = (i) => middle(box, values.length, i), y = (value) => base - (value / most) * height;
  context.strokeStyle = palette["card-line"];
  context.lineWidth = 1;
  for (const line of [top, base]) stroke(context, [[left, line - 0.5], [left + width, line - 0.5]]);
  context.fillStyle = palette["text-3"];
  context.textAlign = "left";
  context.fillText(name, left, top - 5);
  context.fillText(highest > 0 ? say(most) : "none", left + width + 6, top + 4);
  context.fillText("0", left + width + 6, base + 3);
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

/** Runs of indices without a gap between them. */
function unbroken(values) {
  const parts = [];
  values.forEach((value, i) => { if (value !== null) (i && values[i - 1] !== null ? parts.at(-1) : parts[parts.push([]) - 1]).push(i); });
  return parts;
}

const startOf = (data, at) => data.end_s - (data.rate.length - at) * data.slot_s;
const momentOf = (data, { left, width }) => left + Math.min(1, (data.at_s - startOf(data, 0)) / (data.end_s - startOf(data, 0))) * width;
const middle = ({ left, width }, count, i) => left + ((i + 0.5) / count) * width;

function stroke(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

function dot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

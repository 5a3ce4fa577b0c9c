/* ChartHistogram: how many runs took how long, on a logarithmic scale, with the quantiles that people ask for. */
import { paintGhost } from "./chart_ghost.js";
import { logTicks } from "./chart_scale.js";
import { durationText, shortNumber } from "./numbers.js";

/** Above for the quantiles' names, in two rows where they would touch; below for the scale. */
const ABOVE = 34, ROW = 15, BELOW = 18, EDGE = 2;
/** A scale with more labels would be a grey line. */
const MOST_LABELS = 6;

/** data: visualizer/core/chart_data.py, histogram. */
export const chartHistogram = {
  count: (data) => data.bars.length,

  at: (data, x, width) => Math.min(data.bars.length - 1, Math.max(0, Math.floor(((x - EDGE) / (width - 2 * EDGE)) * data.bars.length))),

  text(data, at) {
    const [from, to, count] = data.bars[at], all = totalOf(data), was = data.earlier && `${data.earlier.name} ${(100 * data.earlier.shares[at]).toFixed(1)} %`;
    return [`${durationText(from)} – ${durationText(to)} · ${shortNumber(count)} (${((100 * count) / all).toFixed(1)} %)`, was].filter(Boolean).join(" · ");
  },

  /** What stands there while nobody points at anything. */
  rest: ({ marks, earlier }) => [marks.map(([name, ms]) => `${name} ${durationText(ms)}`).join(" · "), earlier?.words].filter(Boolean).join("\n"),

  paint(context, data, { width, height, at, palette }) {
    const { bars, marks, earlier } = data, shares = earlier?.shares ?? [], all = totalOf(data), from = bars[0][0], to = bars.at(-1)[1], base = height - BELOW, tall = base - ABOVE;
    const x = (ms) => EDGE + (Math.log(ms / from) / Math.log(to / from)) * (width - 2 * EDGE);
    const most = Math.max(...bars.map(([, , count]) => count), ...shares.map((share) => share * all));
    bars.forEach(([start, end, count], i) => {
      const left = Math.round(x(start)), right = Math.max(left + 1, Math.round(x(end)) - 1), high = count && Math.max(1.5, (count / most) * tall);
      context.fillStyle = i === at ? palette.ink : palette.ok;
      context.fillRect(left, base - high, right - left, high);
    });
    // As many runs as now: how long they took is compared, not how many there were.
    paintGhost(context, shares, { x: (i) => x(bars[i]?.[0] ?? to), y: (share) => base - ((share * all) / most) * tall, colour: palette.ink });
    context.fillStyle = palette["line-strong"];
    context.fillRect(0, base, width, 1);
    context.fillStyle = palette["text-3"];
    for (const ms of logTicks(from, to, MOST_LABELS)) write(context, durationText(ms), x(ms), height - 4, width);
    let free = 0;
    for (const [name, ms] of marks) {
      const text = `${name} ${durationText(ms)}`, half = context.measureText(text).width / 2, at_ = Math.min(Math.max(x(ms), half), width - half);
      const row = at_ - half < free ? 1 : 0;
      if (!row) free = at_ + half + 8;
      context.fillStyle = palette["text-2"];
      context.fillRect(Math.round(x(ms)), ABOVE - 4, 1, base - ABOVE + 4);
      write(context, text, x(ms), 11 + row * ROW, width);
    }
  },
};

const totalOf = ({ bars }) => bars.reduce((sum, [, , count]) => sum + count, 0);

/** A text around x that stays inside. */
function write(context, text, x, y, width) {
  const half = context.measureText(text).width / 2;
  context.fillText(text, Math.min(Math.max(x, half), width - half) - half, y);
}

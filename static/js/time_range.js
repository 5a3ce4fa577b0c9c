/* TimeRange: which time the time bar shows, as the address has it, and its moments and numbers in words. Pure. */
import { earlierWords } from "./earlier.js";
import { clockText, dayText, shortNumber } from "./numbers.js";
import { t, tn } from "./text.js";

/** name in the address, seconds, words. */
export const RANGES = [
  { name: "15m", s: 900, words: t("15 min") },
  { name: "1h", s: 3600, words: t("1 h") },
  { name: "24h", s: 86_400, words: t("24 h") },
  { name: "7d", s: 7 * 86_400, words: t("7 d") },
];
/** A span is at least so long (visualizer/interfaces/time_bar.py). */
const LEAST_S = 60;

/** What the address says: {name, fromS, untilS}; name "" of a span that stays; null of what says nothing. */
export function readRange(text, nowS) {
  const range = RANGES.find(({ name }) => name === text);
  if (range) return { name: range.name, fromS: nowS - range.s, untilS: nowS };
  const [fromS, untilS] = (/^(\d{1,11})\.\.(\d{1,11})$/.exec(text)?.slice(1) ?? []).map(Number);
  return untilS - fromS >= LEAST_S ? { name: "", fromS, untilS } : null;
}

/** The address of a span that stays. */
export function spanText(fromS, untilS) {
  const middle = (fromS + untilS) / 2, half = Math.max(LEAST_S, untilS - fromS) / 2;
  return `${Math.round(middle - half)}..${Math.round(middle + half)}`;
}

/** "12:03:11", with its day where that is another one. */
export const momentText = (atS) => dayText(atS, Date.now() / 1000);

/** Steps first to last: "12:03:10 – 12:03:20 · 340 runs · 3 failed", and what was earlier where that is compared. */
export function spanWords(told, first, last) {
  const { from_s: fromS, step_s: stepS, runs, failed } = told;
  const [begins, ends] = [fromS + first * stepS, fromS + (last + 1) * stepS], part = (values) => values.slice(first, last + 1);
  return [`${momentText(begins)} – ${clockText(ends)}`, ...counts(part(runs), part(failed)), earlierWords(told, first, last)].filter(Boolean).join(" · ");
}

/** All of them: "34k runs · 12 failed". */
export const totalText = (told) => [...counts(told.runs, told.failed), earlierWords(told, 0, told.runs.length - 1)].filter(Boolean).join(" · ");

function counts(...series) {
  const [runs, failed] = series.map((values) => values.reduce((all, one) => all + one, 0));
  return [tn("{number} run", "{number} runs", runs, { number: shortNumber(runs) }), t("{number} failed", { number: shortNumber(failed) })];
}

/* Earlier: what the time bar compares with: the same time exactly one day or seven days earlier, and both in words. Pure. */
import { clockText, dayText, percentText, shortNumber } from "./numbers.js";
import { t, tn } from "./text.js";

/** name in the address, seconds, words. */
export const BACKS = [
  { name: "", s: 0, words: t("nothing") },
  { name: "1d", s: 86_400, words: t("yesterday") },
  { name: "7d", s: 7 * 86_400, words: t("last week") },
];

/** What the address says; the first of what says nothing. */
export const backOf = (name) => BACKS.find((back) => back.name === name) ?? BACKS[0];

/** The name of the one after it, round and round. */
export const nextBack = (name) => BACKS[(BACKS.indexOf(backOf(name)) + 1) % BACKS.length].name;

/** Steps first to last: "yesterday: 33k runs · 4 failed (+3 % runs, +8 failed)"; "" where nothing is compared. */
export function earlierWords({ from_s: fromS, step_s: stepS, runs, failed, earlier }, first, last) {
  if (!earlier) return "";
  const { back_s: backS, begun_s: begunS, over } = earlier, { words } = BACKS.find(({ s }) => s === backS) ?? BACKS[0];
  // Only what is whole on both sides is compared.
  const begin = Math.max(first, earlier.runs.findIndex((one) => one !== null)), end = Math.min(last, over - 1);
  if (earlier.runs[last] === null || !earlier.runs.length) return t("{then}: not kept, history begins {time}", { then: words, time: begunS ? dayText(begunS, Date.now() / 1000) : "–" });
  if (begin > end) return t("{then}: not compared, this step is not over", { then: words });
  const sum = (values) => values.slice(begin, end + 1).reduce((all, one) => all + one, 0);
  const [now, then, fails, failedThen] = [runs, earlier.runs, failed, earlier.failed].map(sum), startS = fromS + begin * stepS, endS = fromS + (end + 1) * stepS;
  const name = [words, begin > first && t("since {time}", { time: clockText(startS) }), end < last && t("until {time}", { time: clockText(endS) }), changed([startS, endS], backS)].filter(Boolean).join(", ");
  const more = then ? signed((now - then) / then, (share) => percentText(share)) : signed(now - then, shortNumber);
  const counts = `${tn("{number} run", "{number} runs", then, { number: shortNumber(then) })}, ${t("{number} failed", { number: shortNumber(failedThen) })}`;
  return t("{then}: {counts} ({more} runs, {fails} failed)", { then: name, counts, more, fails: signed(fails - failedThen, shortNumber) });
}

/** That the same hour then was another on the clock. */
function changed(timesS, backS) {
  const minutes = timesS.map((atS) => offset(atS) - offset(atS - backS)).find(Boolean);
  return minutes ? t("clocks were changed since, then it was {time}", { time: clockText(timesS[0] - backS) }) : "";
}

const offset = (atS) => new Date(atS * 1000).getTimezoneOffset();

const signed = (value, words) => `${value < 0 ? "−" : "+"}${words(Math.abs(value))}`;

/*
 * EdgeNumbers: what is written on a line when all lines are to tell: `24/s · 0.4 % · p95 38 ms`, for a stream's
 * `24/s · wait p95 6 ms`. Pure.
 */
import { edgeText } from "./edge_painter.js";
import { evidence } from "./edge_state.js";
import { durationText, failedShare, percentText, rateText } from "./numbers.js";
import { t } from "./text.js";

/** Kinds of edges over which all runs of what they lead to come (visualizer/core/edge_numbers.py). */
const EXACT = ["read", "request"];

/** Texts, the longest first, the first that fits is drawn; null of a line of which nothing was measured. */
export function edgeNumbers({ edges, target }) {
  const known = edges.filter(({ rate }) => rate !== null), rate = known.length ? rateText(known.reduce((sum, edge) => sum + edge.rate, 0)) : "";
  const waits = edges.map(({ wait }) => wait).filter((wait) => wait !== null);
  if (edges.some(({ kind }) => kind === "read" || kind === "write")) return texts(rate, waits.length && t("wait p95 {time}", { time: durationText(Math.max(...waits)) }));
  // A folded app has no numbers of its own.
  const { stats } = target;
  if (!stats?.last) return texts(rate);
  const numbers = [stats.done + stats.failed + stats.ignored ? percentText(failedShare(stats)) : "", stats.p95 !== null && `p95 ${durationText(stats.p95)}`];
  // Lines do not tell who called: these are the numbers of all calls.
  return edges.every(({ kind }) => EXACT.includes(kind)) ? texts(rate, ...numbers) : texts(t("all {rate}", { rate: rateText(stats.rate) }), ...numbers);
}

/** What is written on the line somebody asks for: all that is known. */
export function wholeText(run) {
  const text = edgeText(run), numbers = evidence(run) === "never" ? "" : edgeNumbers(run)?.[0] ?? "";
  const isOfStream = run.edges.some(({ kind }) => kind === "read" || kind === "write");
  if (!text || numbers.startsWith(text)) return numbers || text;
  return isOfStream || !numbers ? text : `${text} · ${numbers}`;
}

function texts(...parts) {
  const known = parts.filter(Boolean);
  return known.length ? [known.join(" · "), known[0]] : null;
}

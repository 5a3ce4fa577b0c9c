/* ProblemWords: what is wrong with a node, in few words. */
import { haltWords } from "./halt_words.js";
import { clockText, durationText, failedShare, percentText, rateText } from "./numbers.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

/** {said: the one number that counts, more: [app, rate, p95] as far as they are known}. */
export function problemWords(graph, { stats, app }) {
  const halt = haltWords(stats), waits = stats.state === "wait", name = plain(graph.apps.get(app)?.name ?? app);
  if (halt) return { said: halt, more: [name, t("since {time}", { time: clockText(stats.since) })].filter(Boolean) };
  return {
    said: waits ? t("wait {time}", { time: durationText(stats.wait) }) : t("{share} failed", { share: percentText(failedShare(stats)) }),
    more: [name, rateText(stats.rate), waits || stats.p95 === null ? null : `p95 ${durationText(stats.p95)}`].filter(Boolean),
  };
}

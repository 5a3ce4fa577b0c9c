/* ProblemWords: what is wrong with a node, in few words. */
import { durationText, failedShare, percentText, rateText } from "./numbers.js";
import { plain } from "./text_fit.js";

/** {said: the one number that counts, more: [app, rate, p95] as far as they are known}. */
export function problemWords(graph, { stats, app }) {
  const waits = stats.state === "wait", name = plain(graph.apps.get(app)?.name ?? app);
  return {
    said: waits ? `wait ${durationText(stats.wait)}` : `${percentText(failedShare(stats))} failed`,
    more: [name, rateText(stats.rate), waits || stats.p95 === null ? null : `p95 ${durationText(stats.p95)}`].filter(Boolean),
  };
}

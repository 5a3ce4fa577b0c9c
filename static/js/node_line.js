/* NodeLine: the one line of numbers under a node's name. */
import { haltWords } from "./halt_words.js";
import { durationText, failedShare, percentText, rateText } from "./numbers.js";
import { t } from "./text.js";

/**
 * `rate · p95`; failing `rate · failed %`; a stream `rate · wait`.
 *
 * Returns candidates, longest first: each a list of [text, colour, weight]. The first that fits is drawn; what is said
 * last is what matters most.
 */
export function nodeLine(node, shape, palette) {
  const { stats } = node, rate = rateText(stats.rate), quiet = palette[stats.state === "idle" ? "text-3" : "text-2"];
  const loud = (text) => [text, palette[`${stats.state}-text`], 600], lead = [`${rate} · `, quiet, 400];
  if (shape === "dangling") return [[[t("not in any config"), quiet, 400]], [[t("unknown"), quiet, 400]]];
  if (stats.halt) return [[lead, loud(haltWords(stats))], [loud(haltWords(stats))]];
  if (stats.state === "idle" && !stats.last) return [[[node.observed ? t("quiet") : t("no runs yet"), quiet, 400]]];
  if (stats.state === "fail" || stats.state === "warn") {
    const percent = percentText(failedShare(stats));
    return [[lead, loud(t("{share} failed", { share: percent }))], [lead, loud(percent)], [loud(percent)]];
  }
  if (stats.state === "wait") return [[lead, loud(t("wait {time}", { time: durationText(stats.wait) }))], [loud(durationText(stats.wait))]];
  const second = shape === "stream" ? stats.wait : stats.p95, alone = [[rate, quiet, 400]];
  return second === null ? [alone] : [[lead, [durationText(second), quiet, 400]], alone];
}

/* EdgeState: what a line rests on (visualizer/models/evidence.py), and that in words. Pure. */
import { t } from "./text.js";

const SAID = { never: t("never seen"), quiet: t("gone quiet"), undeclared: t("undeclared"), dangling: t("target unknown"), skewed: t("other version") };
const WORST_FIRST = ["dangling", "skewed", "undeclared", "quiet", "confirmed", "never"];

/**
 * Of a run. Where its edges differ it is the worst of them between two nodes; between cards, which stand for many, one edge
 * that is confirmed is enough. What moves was seen.
 */
export function evidence({ edges, source, target }) {
  const states = new Set(edges.map(({ state, rate }) => (state === "never" && rate > 0 ? "confirmed" : state)));
  if (states.has("confirmed") && !(source.id && target.id)) return "confirmed";
  return WORST_FIRST.find((state) => states.has(state));
}

/** The same in words; "" where it is confirmed. */
export const evidenceWords = (run) => SAID[evidence(run)] ?? "";

/** Whether anything on it wants an answer. */
export const asks = ({ edges }) => edges.some((edge) => edge.asks);

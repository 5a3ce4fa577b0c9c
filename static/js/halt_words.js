/* HaltWords: what stands still at a node (visualizer/models/standstill.py), in few words. Pure. */
import { shortNumber } from "./numbers.js";
import { t, tn } from "./text.js";

/** "3 stuck"; "" where nothing stands still. */
export function haltWords({ halt, halts }) {
  switch (halt) {
    case "stuck": return tn("{count} stuck", "{count} stuck", halts);
    case "unread": return t("{count} not read", { count: shortNumber(halts) });
    case "stopped": return t("stopped");
    case "gone": return t("host gone");
    default: return "";
  }
}

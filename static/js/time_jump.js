/* TimeJump: the next thing that happened before or after a time, looked for further and further away. */
import { answered } from "./answered.js";
import { momentOf } from "./time_marks.js";

/** So far away it is looked for, seconds: most find something in the first. */
const SPANS_S = [3600, 86_400, 7 * 86_400];
/** A range is at least so long (visualizer/interfaces/time_bar.py). */
const LEAST_S = 60;

/**
 * {found: the moment of what happened before (by = −1) or after (1) a time, unix seconds, 0 where nothing did; why: what kept
 * from looking}. known: marks around that time.
 */
export async function nextMoment({ address, known, atS, by }) {
  let found = nearest(known, atS, by);
  for (const spanS of SPANS_S) {
    if (found) break;
    const [from, to] = by < 0 ? [atS - spanS, atS] : [atS - LEAST_S, atS + spanS];
    const { marks = [], why } = await answered(`${address}?${new URLSearchParams({ from, to })}`);
    if (why) return { found, why };
    found = nearest(marks, atS, by);
  }
  return { found };
}

function nearest(marks, atS, by) {
  const moments = marks.map(momentOf).filter((one) => (one - atS) * by > 0 && one <= Date.now() / 1000);
  return moments.length ? Math[by < 0 ? "max" : "min"](...moments) : 0;
}

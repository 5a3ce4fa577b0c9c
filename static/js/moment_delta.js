/* MomentDelta: what the server tells of a moment, as the next delta of what is shown. Pure. */
import { NO_STATS } from "./graph.js";

/** Whose picture it is while none is live. */
export const THEN = "then";

/**
 * delta: of a moment or of a frame. graph: Graph. isSame: what is shown is of the same topology: then only numbers are other
 * ones, and nothing has to be drawn anew.
 */
export function nextDelta(delta, graph, isSame) {
  if (!delta.reset) return { ...delta, hub: THEN, seq: graph.seq + 1 };
  return isSame ? { seq: graph.seq + 1, at: delta.at, update: numbersOf(delta.add) } : { ...delta, hub: THEN };
}

function numbersOf({ nodes = [], edges = [] }) {
  return {
    nodes: Object.fromEntries(nodes.map(({ n, stats }) => [n, { ...NO_STATS, ...stats }])),
    edges: Object.fromEntries(edges.map(({ n, rate = null, wait = null }) => [n, [rate, wait]])),
  };
}

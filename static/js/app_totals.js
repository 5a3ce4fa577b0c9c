/* AppTotals: the nodes of an app added up. Data only. */
import { worst } from "./graph.js";

const NO_STATES = { fail: 0, warn: 0, wait: 0, unknown: 0, ok: 0, idle: 0 };

/** {states: how many are in each, rate: runs a second, events, streams, worst: state}; entry circles count for nothing. */
export function appTotals(nodes) {
  const states = { ...NO_STATES };
  let [rate, events, streams] = [0, 0, 0];
  for (const { kind, stats } of nodes) {
    if (kind === "request") continue;
    states[stats.state]++;
    if (kind === "stream") streams++;
    if (kind !== "event") continue;
    events++;
    rate += stats.rate;
  }
  return { states, rate, events, streams, worst: worst(Object.keys(states).filter((state) => states[state])) };
}

/* FindFields: what can be asked of a node: its names, and its numbers as the graph has them. */
import { shapeOf } from "./icons.js";
import { failedShare } from "./numbers.js";

/** Field → the texts a node has for it. */
export const TEXTS = {
  name: ({ node }) => [node.name, node.label ?? ""],
  app: ({ node, graph }) => [node.app, graph.apps.get(node.app)?.name ?? ""],
  kind: ({ node }) => [node.kind, shapeOf(node)],
  type: ({ node }) => [node.event_type],
  state: ({ node, near }) => [node.stats.state, ...evidenceOf(node, near())],
  stream: ({ node, near }) => [node, ...near().others].filter(({ kind }) => kind === "stream").map(({ name }) => name),
  queue: ({ node, near }) => [node.queue, ...near().edges.map(({ label }) => label)],
  host: ({ node, graph }) => graph.apps.get(node.app)?.hosts ?? [],
};

/** Field → {of(node) → number or null, unit}. Durations are ms, shares 0 … 1. */
export const NUMBERS = {
  rate: { unit: "/s", of: ({ rate }) => rate },
  err: { unit: "%", of: (stats) => failedShare(stats) },
  p50: { unit: "ms", of: ({ p50 }) => p50 },
  p95: { unit: "ms", of: ({ p95 }) => p95 },
  p99: { unit: "ms", of: ({ p99 }) => p99 },
  wait: { unit: "ms", of: ({ wait }) => wait },
  "wait.p95": { unit: "ms", of: ({ wait }) => wait },
  pending: { unit: "", of: ({ pending }) => pending },
  failed: { unit: "", of: ({ failed }) => failed },
};

/** Words that stand alone. */
export const FLAGS = {
  active: ({ stats }) => stats.rate > 0,
  problem: ({ stats }) => ["fail", "warn", "wait"].includes(stats.state),
  declared: ({ declared }) => declared,
  observed: ({ observed }) => observed,
};

/** What may be said of `state`. */
export const STATES = ["fail", "warn", "wait", "unknown", "ok", "idle", "undeclared", "dangling", "never", "quiet", "skewed"];

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, "%": 0.01, "/s": 1, "/m": 1 / 60, "": 1, k: 1000 };

/** "1.5s" → 1500 for a field in ms; "1%" → 0.01; null for what is no number of this field. */
export function numberOf(text, unit) {
  const [, digits, said] = /^(\d+(?:\.\d+)?)(ms|s|m|h|%|\/s|\/m|k)?$/.exec(text) ?? [];
  if (digits === undefined) return null;
  if (!said) return Number(digits) * UNITS[unit === "/s" ? "" : unit];
  const fits = { ms: ["ms", "s", "m", "h"], "%": ["%"], "/s": ["/s", "/m", "k"], "": ["k"] };
  return fits[unit].includes(said) ? Number(digits) * UNITS[said] : null;
}

function evidenceOf(node, { edges }) {
  const found = [];
  if (node.kind === "dangling") found.push("dangling");
  if (!node.declared || edges.some(({ declared }) => !declared)) found.push("undeclared");
  for (const state of ["quiet", "skewed"]) if (edges.some((edge) => edge.state === state)) found.push(state);
  if (node.declared && !node.observed && node.stats.last === 0) found.push("never");
  return found;
}

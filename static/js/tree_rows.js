/* TreeRows: the graph as a list of apps with their events and streams. Data only. */
import { shapeOf } from "./icons.js";
import { worst } from "./graph.js";

const ORDER = ["http", "consumer", "service", "stream", "dangling"];
/** What belongs to no app stands under this name. */
const SHARED = { key: "", name: "Not in any app", version: "" };

/**
 * [{key, name, version, state, rate, nodes: [{id, name, shape, state, rate}]}]: only what is shown, in a fixed order,
 * so that rows never dance.
 */
export function treeRows(graph, shown) {
  const groups = new Map([...graph.apps.values(), SHARED].map((app) => [app.key, { ...app, nodes: [] }]));
  for (const node of graph.nodes.values()) {
    if (node.kind === "request" || !shown.has(node.id)) continue;
    (groups.get(node.app) ?? groups.get("")).nodes.push(node);
  }
  const drawn = [...groups.values()].filter(({ nodes }) => nodes.length).sort(byKey);
  // A version is said where two of them stand beside each other; elsewhere it takes room from names.
  const twice = new Set(drawn.filter((app, i) => drawn.some((other, j) => i !== j && other.name === app.name)));
  return drawn.map((app) => rowOf({ ...app, version: twice.has(app) ? app.version : "" }));
}

/** Nodes that fail, degrade or wait: worst first. */
export function problemsOf(graph) {
  const bad = ["fail", "warn", "wait"];
  const found = [...graph.nodes.values()].filter(({ kind, stats }) => kind !== "request" && bad.includes(stats.state));
  return found.sort((a, b) => bad.indexOf(a.stats.state) - bad.indexOf(b.stats.state) || compare(a.id, b.id));
}

function rowOf({ key, name, version, nodes }) {
  const rate = nodes.reduce((sum, { kind, stats }) => sum + (kind === "event" ? stats.rate : 0), 0);
  const rows = nodes.map((node) => ({ id: node.id, name: node.name, shape: shapeOf(node), state: node.stats.state, rate: node.stats.rate }));
  rows.sort((a, b) => ORDER.indexOf(a.shape) - ORDER.indexOf(b.shape) || compare(a.name, b.name));
  return { key, name, version, state: worst(rows.map(({ state }) => state)), rate, nodes: rows };
}

function byKey(a, b) {
  return (a.key === "") - (b.key === "") || compare(a.key, b.key);
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

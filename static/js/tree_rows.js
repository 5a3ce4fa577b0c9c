/* TreeRows: the graph as a list of apps with their events and streams, and as the lines of a tree. Data only. */
import { shapeOf } from "./icons.js";
import { isProblem, worst } from "./graph.js";
import { t } from "./text.js";

const ORDER = ["http", "consumer", "service", "stream", "external", "dangling"];
/** What belongs to no app stands under this name. */
const SHARED = { key: "", name: t("Not in any app"), version: "" };

/**
 * [{key, name, version, nodes: [{id, name, shape, node}]}]: only what is shown, in a fixed order, so that rows never
 * dance. Worked out once a structure.
 */
export function treeRows(graph, shown) {
  const groups = new Map([...graph.apps.values(), SHARED].map((app) => [app.key, { ...app, nodes: [] }]));
  for (const id of shown) {
    const node = graph.nodes.get(id);
    if (node.kind !== "request") (groups.get(node.app) ?? groups.get("")).nodes.push({ id, name: node.name, shape: shapeOf(node), node });
  }
  const drawn = [...groups.values()].filter(({ nodes }) => nodes.length).sort(byKey);
  // A version is said where two of them stand beside each other; elsewhere it takes room from names.
  const seen = new Map();
  for (const { name } of drawn) seen.set(name, (seen.get(name) ?? 0) + 1);
  for (const { nodes } of drawn) nodes.sort((a, b) => ORDER.indexOf(a.shape) - ORDER.indexOf(b.shape) || compare(a.name, b.name));
  return drawn.map(({ key, name, version, nodes }) => ({ key, name, version: seen.get(name) > 1 ? version : "", nodes }));
}

/**
 * What can be gone to, top to bottom: [{id, app, level, place, of}], for a node with its item, for an app with whether it
 * is unfolded. An app's id is "app <key>".
 */
export function treeLines(list, isUnfolded) {
  return list.flatMap((app, i) => {
    const unfolded = isUnfolded(app.key), of = app.nodes.length;
    const line = { id: `app ${app.key}`, app, level: 1, place: i + 1, of: list.length, unfolded };
    return unfolded ? [line, ...app.nodes.map((item, j) => ({ id: item.id, app, item, level: 2, place: j + 1, of }))] : [line];
  });
}

/** {state, rate} of an app's row, as of now. */
export function appNumbers({ nodes }) {
  const rate = nodes.reduce((sum, { node }) => sum + (node.kind === "event" ? node.stats.rate : 0), 0);
  return { state: worst(new Set(nodes.map(({ node }) => node.stats.state))), rate };
}

/** Nodes that fail, degrade or wait: worst first. */
export function problemsOf(graph) {
  const bad = ["fail", "warn", "wait"];
  const found = [...graph.nodes.values()].filter(isProblem);
  return found.sort((a, b) => bad.indexOf(a.stats.state) - bad.indexOf(b.stats.state) || compare(a.id, b.id));
}

function byKey(a, b) {
  return (a.key === "") - (b.key === "") || compare(a.key, b.key);
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/*
 * Shown: which nodes the filters leave. Filtering is done here, in the browser: the server sends every page the same.
 *
 * An app's own nodes are shown, and the streams, unknown targets and things outside they touch.
 */

/** A set of node ids; all of them without a filter. */
export function shownNodes(graph, { app, host }) {
  const apps = new Set();
  for (const { key, hosts = [] } of graph.apps.values()) {
    if ((!app || key === app) && (!host || hosts.includes(host))) apps.add(key);
  }
  const all = !app && !host, shown = new Set();
  for (const node of graph.nodes.values()) if (all || (apps.has(node.app) && !isShared(node))) shown.add(node.id);
  if (all) return shown;
  for (const { source, target } of graph.edges.values()) {
    for (const [near, far] of [[source, target], [target, source]]) {
      const node = graph.nodes.get(far);
      if (node && isShared(node) && apps.has(graph.nodes.get(near)?.app) && !isShared(graph.nodes.get(near))) shown.add(far);
    }
  }
  return shown;
}

/** A stream, or what is outside, belongs to everybody who reads or writes it, wherever it is drawn. */
function isShared({ kind }) {
  return ["stream", "dangling", "external"].includes(kind);
}

/** All host addresses that apps name, sorted. */
export function hostsOf(graph) {
  return [...new Set([...graph.apps.values()].flatMap(({ hosts = [] }) => hosts))].sort();
}

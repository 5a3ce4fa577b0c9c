/* TreeWays: where one can go from a node along its edges. Data only. */

/** [{node, edges, rate, app}]: what leads to a node (way: "from") or what it leads to ("to"), of the shown ids, each once, in reading order. */
export function treeWays(graph, shown, id, way) {
  const [near, far] = way === "to" ? ["source", "target"] : ["target", "source"], found = new Map();
  for (const edge of graph.edges.values()) {
    const node = edge[near] === id && edge[far] !== id && shown.has(edge[far]) && graph.nodes.get(edge[far]);
    if (!node || node.kind === "request") continue;
    const known = found.get(node.id) ?? { node, edges: [], rate: null, app: graph.apps.get(node.app)?.name ?? "" };
    if (edge.rate !== null) known.rate = (known.rate ?? 0) + edge.rate;
    known.edges.push(edge);
    found.set(node.id, known);
  }
  return [...found.values()].sort((a, b) => a.node.box[1] - b.node.box[1] || a.node.box[0] - b.node.box[0]);
}

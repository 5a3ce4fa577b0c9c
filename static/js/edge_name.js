/* EdgeName: a line between two nodes as the address names it, `<source>><target>`. Pure. */

/** The name of a run; "" of none, and of one that ends on a folded app. */
export function edgeName(run) {
  return run?.source.id && run.target.id ? `${run.source.id}>${run.target.id}` : "";
}

/** {source, target} of a name, as the graph has it (ids may hold a ">" themselves); null for one that is not there. */
export function namedEdge(graph, name) {
  if (!name) return null;
  for (const { source, target } of graph.edges.values()) if (`${source}>${target}` === name) return { source, target };
  return null;
}

/** What the panel shows in this state: {id}, {source, target} or {list}, with what it is {against} and {at} another time than now; null for nothing. */
export function chosen(graph, { node, edge, show, against }, then) {
  const choice = graph.nodes.has(node) ? { id: node } : namedEdge(graph, edge) ?? (show === "drift" ? { list: show } : null);
  return choice && { ...choice, ...(against && { against }), ...(then && { at: then }) };
}

/* Drift: the edges on which what is declared and what was seen do not agree, and which want an answer. Pure. */

/** Those of a graph; among the nodes `left`, where it is given. */
export function asking(graph, left = null) {
  return [...graph.edges.values()].filter(({ asks, source, target }) => asks && (!left || left.has(source) || left.has(target)));
}

/** Ids of the ends of some edges; an entry circle stands for its event. */
export function endsOf(graph, edges) {
  const ends = new Set(edges.flatMap(({ source, target }) => [source, target]));
  for (const { kind, source, target } of graph.edges.values()) if (kind === "request" && ends.has(source)) ends.add(target);
  return ends;
}

/* Links: edges by their ends, and what lies within some hops. Made anew for a structure. */

export class Links {
  #graph; #out = new Map(); #in = new Map();

  constructor(graph) {
    this.#graph = graph;
    for (const edge of graph.edges.values()) {
      push(this.#out, edge.source, edge);
      push(this.#in, edge.target, edge);
    }
  }

  /** The edges of a node, and the nodes at their other ends. */
  near(id) {
    const edges = [...(this.#out.get(id) ?? []), ...(this.#in.get(id) ?? [])];
    const others = edges.map(({ source, target }) => this.#graph.nodes.get(source === id ? target : source)).filter(Boolean);
    return { edges, others };
  }

  /** Everything within some hops of these ids, they among it. way: upstream | downstream | around. */
  reach(ids, way, depth) {
    const reached = new Set(ids);
    let border = [...ids];
    for (let hop = 0; border.length && hop < depth; hop++) {
      const next = [];
      for (const id of border) {
        const after = way === "upstream" ? [] : (this.#out.get(id) ?? []).map(({ target }) => target);
        const before = way === "downstream" ? [] : (this.#in.get(id) ?? []).map(({ source }) => source);
        for (const other of [...after, ...before]) if (!reached.has(other)) reached.add(other), next.push(other);
      }
      border = next;
    }
    return reached;
  }
}

function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

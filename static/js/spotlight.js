/* Spotlight: the nodes that stand out; what else is drawn is background. */

export class Spotlight {
  #ids; #apps = new Set();

  /** ids: of nodes, or keys of apps as such; the entry circles of events go with them. */
  constructor(graph, ids) {
    this.#ids = new Set(ids);
    for (const id of ids) this.#apps.add(graph.nodes.get(id)?.app ?? id);
    for (const { kind, source, target } of graph.edges.values()) if (kind === "request" && ids.has(target)) this.#ids.add(source);
  }

  /** Whether a node, or an app drawn as a card, stands out. */
  isOn({ id, key }) {
    return key === undefined ? this.#ids.has(id) : this.#apps.has(key);
  }
}

/*
 * Graph: what the server says there is. Data only, no DOM: the other end of visualizer/models/delta.py.
 *
 * apply(before, delta) == after, on the same cases as in Python (tests/fixtures/delta_cases.json).
 */

/** What the wire leaves out is this. */
export const NO_STATS = Object.freeze({
  started: 0, done: 0, failed: 0, ignored: 0, pending: 0, rate: 0,
  p50: null, p95: null, p99: null, wait: null, state: "idle", last: 0, halt: "", halts: 0, since: 0,
});
const PLAIN_NODE = { event_type: "", plugin: "", queue: "", declared: true, observed: false };
const PLAIN_EDGE = { label: "", declared: true, observed: false, rate: null, wait: null, state: "confirmed", first: 0, last: 0, asks: false };
/** Worst first, as in delta.py. */
export const STATES = ["fail", "warn", "wait", "unknown", "ok", "idle"];

export class Graph {
  /** Node id → NodeView. */
  nodes = new Map();
  /** Edge id → EdgeView. */
  edges = new Map();
  /** App key → {key, name, version, box, hosts}. */
  apps = new Map();
  /** Whose seq it is; "" before the first snapshot. */
  hub = "";
  seq = 0;
  view = "";
  /** The server's clock when it last said something of the graph, unix seconds. */
  at = 0;
  /** Number → node, number → edge: what deltas call them. */
  #numbered = { nodes: new Map(), edges: new Map() };

  /** Whether the delta continues what is here. One that does not needs a resync. */
  fits(delta) {
    const { reset, hub = this.hub, view = this.view, seq } = delta;
    return Boolean(reset) || (hub === this.hub && view === this.view && seq === this.seq + 1);
  }

  /**
   * Take a delta in.
   *
   * Returns {structure, updated, pulsed}: whether things came or went, the ids of nodes with other numbers, and of those
   * that just did something. Throws when the delta does not fit.
   */
  apply(delta) {
    if (!this.fits(delta)) throw new Error(`delta ${delta.seq} of ${delta.hub} does not follow ${this.seq} of ${this.hub}`);
    if (delta.reset) this.#forget();
    const { add = {}, update = {}, remove = {}, pulse = [] } = delta;
    const structure = Boolean(delta.reset) || [add, remove].some((part) => Object.values(part).some((list) => list.length));
    for (const kind of ["nodes", "edges", "apps"]) for (const id of remove[kind] ?? []) {
      this.#unnumber(kind, id);
      this[kind].delete(id);
    }
    for (const app of add.apps ?? []) this.apps.set(app.key, app);
    for (const node of add.nodes ?? []) this.#add("nodes", { ...PLAIN_NODE, ...node, stats: { ...NO_STATS, ...node.stats } });
    for (const edge of add.edges ?? []) this.#add("edges", { ...PLAIN_EDGE, ...edge });
    const updated = this.#update(update), pulsed = pulse.flatMap((n) => this.#numbered.nodes.get(n)?.id ?? []);
    if (delta.reset) Object.assign(this, { hub: delta.hub, view: delta.view });
    Object.assign(this, { seq: delta.seq, at: delta.at });
    return { structure, updated, pulsed };
  }

  /** The ids of the edges of a node, by their other end. */
  neighbours(id) {
    const found = { predecessors: [], successors: [] };
    for (const edge of this.edges.values()) {
      if (edge.target === id) found.predecessors.push(edge.source);
      if (edge.source === id) found.successors.push(edge.target);
    }
    return found;
  }

  /** Whether anything here was ever seen to run. */
  hasMoved() {
    for (const { observed, stats } of this.nodes.values()) if (observed || stats.last) return true;
    return false;
  }

  #forget() {
    for (const things of [this.nodes, this.edges, this.apps, ...Object.values(this.#numbered)]) things.clear();
  }

  /** What has its id is replaced, and keeps its place. */
  #add(kind, thing) {
    this.#unnumber(kind, thing.id);
    this[kind].set(thing.id, thing);
    this.#numbered[kind].set(thing.n, thing);
  }

  #unnumber(kind, id) {
    const thing = this[kind].get(id);
    if (thing && this.#numbered[kind]?.get(thing.n) === thing) this.#numbered[kind].delete(thing.n);
  }

  /** Returns the ids of the nodes with other numbers. What the wire leaves out stays. */
  #update({ nodes = {}, edges = {}, evidence = {} }) {
    const updated = [];
    for (const [n, stats] of Object.entries(nodes)) {
      const node = this.#numbered.nodes.get(Number(n));
      if (node) updated.push(Object.assign(node, { stats: { ...node.stats, ...stats } }).id);
    }
    const edgeOf = (n) => this.#numbered.edges.get(Number(n)) ?? {};
    for (const [n, [rate, wait]] of Object.entries(edges)) Object.assign(edgeOf(n), { rate, wait });
    for (const [n, [state, first, last, asks]] of Object.entries(evidence)) Object.assign(edgeOf(n), { state, first, last, asks });
    return updated;
  }
}

/** Whether a node fails, degrades or waits. */
export function isProblem({ kind, stats }) {
  return kind !== "request" && ["fail", "warn", "wait"].includes(stats.state);
}

/** The worst of some states; "idle" of none. */
export function worst(states) {
  const places = [...states].map((state) => STATES.indexOf(state)).filter((place) => place >= 0);
  return places.length ? STATES[Math.min(...places)] : "idle";
}

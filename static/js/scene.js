/*
 * Scene: the graph made ready to be drawn and pointed at. Worked out again when the structure or a filter changes,
 * never for a number.
 */
import { distanceTo, edgeCurve } from "./edge_curve.js";
import { worst } from "./graph.js";
import { shownNodes } from "./shown.js";
import { boundsOf } from "./viewport.js";

/** How near a pointer must be, screen pixels. */
const EDGE_SLOP_PX = 6;
const NODE_SLOP_PX = 4;
/** Where an app's name stands in its box: lines go around it as around a node. */
const NAME_LEFT = 8, NAME_WIDTH = 150, NAME_HEIGHT = 34;

export class Scene {
  /** Shown nodes, as drawn: back to front. */
  nodes = [];
  /** Shown edges: {edges, curve, source, target}; the queues between two nodes run on one line. */
  runs = [];
  /** Apps that have a shown node. */
  apps = [];
  /** From far away: {curve} for each pair of apps that have an edge. */
  links = [];
  shown = new Set();

  #graph;

  constructor(graph) {
    this.#graph = graph;
  }

  /** After a change of structure or filters. */
  rebuild(filters) {
    const { nodes, edges, apps } = this.#graph;
    this.shown = shownNodes(this.#graph, filters);
    this.nodes = [...nodes.values()].filter(({ id }) => this.shown.has(id));
    const owners = new Set(this.nodes.map(({ app }) => app));
    this.apps = [...apps.values()].filter(({ key }) => owners.has(key));
    const runs = new Map(), obstacles = [...this.nodes.map(({ box }) => box), ...this.apps.map(nameBox)];
    for (const edge of edges.values()) {
      const source = nodes.get(edge.source), target = nodes.get(edge.target), ends = JSON.stringify([edge.source, edge.target]);
      if (!source || !target || !this.shown.has(edge.source) || !this.shown.has(edge.target)) continue;
      if (!runs.has(ends)) runs.set(ends, { edges: [], source, target, curve: edgeCurve(source, target, obstacles) });
      runs.get(ends).edges.push(edge);
    }
    this.runs = [...runs.values()];
    this.links = this.#links();
  }

  /** The box around everything shown; null when nothing is. */
  bounds() {
    return boundsOf([...this.nodes, ...this.apps].map(({ box }) => box));
  }

  /** What is wrong in an app, and how much it does. */
  totals(app) {
    const nodes = this.nodes.filter((node) => node.app === app.key && node.kind !== "request");
    const states = { fail: 0, warn: 0, wait: 0, ok: 0, idle: 0 };
    for (const { stats } of nodes) states[stats.state]++;
    const rate = nodes.reduce((sum, { kind, stats }) => sum + (kind === "event" ? stats.rate : 0), 0);
    return { states, rate, count: nodes.length, worst: worst(nodes.map(({ stats }) => stats.state)) };
  }

  #links() {
    const pairs = new Map();
    for (const { source, target } of this.runs) {
      const from = this.#graph.apps.get(source.app), to = this.#graph.apps.get(target.app);
      if (from && to && from !== to) pairs.set(JSON.stringify([source.app, target.app]), { curve: edgeCurve(from, to) });
    }
    return [...pairs.values()];
  }

  /** The node at a place in the world, or null. */
  nodeAt([x, y], scale) {
    const slop = NODE_SLOP_PX / scale;
    const over = ({ box: [left, top, w, h] }) => x > left - slop && x < left + w + slop && y > top - slop && y < top + h + slop;
    return this.nodes.findLast(over) ?? null;
  }

  /** The edge at a place in the world, or null. */
  runAt(point, scale) {
    const slop = EDGE_SLOP_PX / scale;
    let found = null, nearest = slop;
    for (const run of this.runs) {
      const [x, y, w, h] = run.curve.box;
      if (point[0] < x - slop || point[0] > x + w + slop || point[1] < y - slop || point[1] > y + h + slop) continue;
      const distance = distanceTo(run.curve, point);
      if (distance < nearest) [found, nearest] = [run, distance];
    }
    return found;
  }

  /** The app whose box is at a place, or null. */
  appAt([x, y]) {
    return this.apps.find(({ box: [left, top, w, h] }) => x > left && x < left + w && y > top && y < top + h) ?? null;
  }
}

function nameBox({ box: [x, y, w] }) {
  return [x + NAME_LEFT, y, Math.min(NAME_WIDTH, w), NAME_HEIGHT];
}

/* Runs: the lines of everything shown, with their ends on nodes or on the cards of folded apps. */
import { framesOf } from "./app_frames.js";
import { BoxGrid } from "./box_grid.js";
import { Run } from "./run.js";

/** Where an app's name stands in its box: lines go around it as around a node. */
const NAME_LEFT = 8, NAME_WIDTH = 150;
export const NAME_HEIGHT = 34;

export class Runs {
  #apps; #plain = new Map(); #merged = new Map();

  /** graph: Graph. shown: node ids. apps: those with a shown node. */
  constructor(graph, shown, apps) {
    this.#apps = graph.apps;
    const { nodes, edges } = graph, boxes = [...shown].map((id) => nodes.get(id).box);
    const grid = new BoxGrid([...boxes, ...apps.flatMap(framesOf).map(nameBox)]);
    for (const edge of edges.values()) {
      if (!shown.has(edge.source) || !shown.has(edge.target)) continue;
      const ends = `${edge.source}\n${edge.target}`;
      if (!this.#plain.has(ends)) this.#plain.set(ends, new Run(nodes.get(edge.source), nodes.get(edge.target), grid));
      this.#plain.get(ends).edges.push(edge);
    }
  }

  /** With these apps folded: an end in one of them is its card's, and what then has the same ends is one. */
  drawn(folded) {
    if (!folded.size) return [...this.#plain.values()];
    const end = (node) => (folded.has(node.app) ? this.#apps.get(node.app) : node), drawn = new Set();
    for (const run of this.#plain.values()) {
      const source = end(run.source), target = end(run.target);
      if (source === run.source && target === run.target) drawn.add(run);
      else if (source !== target) drawn.add(this.#merge(source, target, run));
    }
    return [...drawn];
  }

  /** The same ends always merge the same runs, so that what was merged once is kept. */
  #merge(source, target, run) {
    const ends = `${source.id ?? source.key}\n${target.id ?? target.key}`;
    if (!this.#merged.has(ends)) this.#merged.set(ends, { run: new Run(source, target, null), parts: new Set() });
    const merged = this.#merged.get(ends);
    if (!merged.parts.has(run)) {
      merged.parts.add(run);
      merged.run.edges.push(...run.edges);
    }
    return merged.run;
  }
}

function nameBox([x, y, w]) {
  return [x + NAME_LEFT, y, Math.min(NAME_WIDTH, w), NAME_HEIGHT];
}

/*
 * Lens: what lies over the graph while somebody asks it something: what stands out, badges on nodes and lines, and what is
 * not there (any more). Data for the painter (lens_painter.js); at most one lies on a scene.
 */
import { ghostBoxes } from "./ghosts.js";
import { Spotlight } from "./spotlight.js";

export class Lens {
  /** Which nodes stand out. */
  spotlight;
  /** Node id, or app key → {text, tone}; tone: ok | warn | fail | wait | ink, a role of the palette. */
  badges;
  /** {text, tone, dash, name (edge_name.js), of, ends}: dash, of the line, undefined for as usual; of, ids of its ends; ends, they with their boxes, of a line not in the graph. */
  lines;
  /** Nodes that are not in the graph: {id, kind, name, box, text, tone}. */
  ghosts;

  /** ids: of the nodes that stand out. below: the box under which ghosts stand; null for none. */
  constructor(graph, { ids, badges = new Map(), lines = [], ghosts = [], below = null }) {
    const boxes = ghostBoxes(ghosts.length, below);
    this.spotlight = new Spotlight(graph, new Set(ids));
    this.badges = badges;
    this.ghosts = ghosts.map((ghost, at) => ({ ...ghost, box: boxes[at] }));
    const nodes = new Map([...graph.nodes, ...this.ghosts.map((ghost) => [ghost.id, ghost])]), entries = entriesOf(graph);
    const there = new Set([...graph.edges.values()].map(({ source, target }) => `${source}>${target}`));
    this.lines = lines.map(({ source, target, ...looks }) => {
      // What calls an HTTP event is drawn to its entry.
      const ends = [source, there.has(`${source}>${target}`) ? target : entries.get(target) ?? target], name = ends.join(">");
      return { ...looks, name, of: [source, target], ends: there.has(name) ? null : ends.map((id) => nodes.get(id)) };
    }).filter(({ ends }) => !ends || (ends[0] && ends[1]));
  }

  /** What has to fit into the picture beside the graph. */
  get boxes() {
    return this.ghosts.map(({ box }) => box);
  }
}

function entriesOf(graph) {
  const entries = new Map();
  for (const { kind, source, target } of graph.edges.values()) if (kind === "request") entries.set(target, source);
  return entries;
}

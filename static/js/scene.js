/*
 * Scene: the graph made ready to be drawn and pointed at. What is shown is worked out when the structure or a filter
 * changes, what of it is folded when somebody comes nearer; never for a number.
 */
import { framesOf } from "./app_frames.js";
import { appTotals } from "./app_totals.js";
import { foldedApps } from "./folding.js";
import { linkPath } from "./link_painter.js";
import { Runs } from "./runs.js";
import { shownNodes } from "./shown.js";
import { boundsOf } from "./viewport.js";

export class Scene {
  /** Apps that have a shown node. */
  apps = [];
  /** Shown node ids, folded ones too. */
  shown = new Set();
  /** Keys of the apps drawn as cards. */
  folded = new Set();
  /** Shown edges between what is drawn. */
  runs = [];
  /** Shown nodes that belong to no shown app. */
  loose = [];
  /** What somebody has decided: app keys. */
  opened = new Set(); shut = new Set();
  pins = { nodes: new Map(), apps: new Map() };
  /** What stands out; null when nothing should. lens: what a part lays over everything (lens.js). */
  spotlight = null; lens = null;
  /** Whether numbers stand on all lines; node id → severity of what the linter says of it. */
  labels = false; findings = new Map();
  /** App key → how it did, see beats_painter.js. */
  beats = new Map();
  /** Id of the selected node: its app is not folded. */
  selected = "";

  #graph; #nodesOf = new Map(); #totals = new Map(); #count = 0; #runs = null; #was = null; #linkPath = null;

  constructor(graph) {
    this.#graph = graph;
  }

  /** After a change of structure or filters. */
  rebuild(filters) {
    const { nodes, apps } = this.#graph;
    this.shown = shownNodes(this.#graph, filters);
    this.#nodesOf = new Map();
    this.loose = [];
    this.#count = 0;
    for (const id of this.shown) {
      const node = nodes.get(id);
      if (node.kind !== "request") this.#count++;
      if (!apps.has(node.app)) this.loose.push(node);
      else if (this.#nodesOf.has(node.app)) this.#nodesOf.get(node.app).push(node);
      else this.#nodesOf.set(node.app, [node]);
    }
    this.apps = [...apps.values()].filter(({ key }) => this.#nodesOf.has(key));
    this.#totals.clear();
    this.#runs = new Runs(this.#graph, this.shown, this.apps);
    this.#was = null;
  }

  /** Fold and unfold for this distance; cheap when nothing changes. */
  arrange(scale) {
    const pinned = this.#graph.nodes.get(this.selected)?.app;
    const { opened, shut } = this, worstOf = (app) => this.totals(app).worst;
    this.folded = foldedApps(this.apps, { scale, count: this.#count, opened, shut, pinned, worstOf });
    const now = [...this.folded].join("\n");
    if (now === this.#was) return;
    this.#was = now;
    this.runs = this.#runs?.drawn(this.folded) ?? [];
    this.#linkPath = null;
  }

  /** All runs as one path, worked out when it is first wanted. */
  get linkPath() {
    this.#linkPath ??= linkPath(this.runs);
    return this.#linkPath;
  }

  /** The shown nodes of an app. */
  nodesOf(app) {
    return this.#nodesOf.get(app.key) ?? [];
  }

  /** The nodes that are drawn as such, back to front. */
  *nodes() {
    yield* this.loose;
    for (const app of this.apps) if (!this.folded.has(app.key)) yield* this.nodesOf(app);
  }

  /** The numbers of these nodes changed. */
  touch(ids) {
    for (const id of ids) this.#totals.delete(this.#graph.nodes.get(id)?.app);
  }

  /** The box around everything shown; null when nothing is. */
  bounds() {
    const boxes = [...this.shown].map((id) => this.#graph.nodes.get(id).box);
    return boundsOf([...boxes, ...this.apps.flatMap(framesOf), ...(this.lens?.boxes ?? [])]);
  }

  /** What is wrong in an app, and how much it does: see app_totals.js. */
  totals(app) {
    let totals = this.#totals.get(app.key);
    if (!totals) this.#totals.set(app.key, totals = appTotals(this.nodesOf(app)));
    return totals;
  }
}

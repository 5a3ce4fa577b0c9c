/*
 * Painter: draws a scene on a canvas, crisp on any screen, once per frame at most and only when something changed.
 *
 * Near, everything is written; then names with numbers, names only, spots; far away apps become cards (folding.js).
 */
import { paintAppCard } from "./app_card.js";
import { gravest } from "./app_flags.js";
import { framesOf } from "./app_frames.js";
import { paintAppBox } from "./app_painter.js";
import { edgeName } from "./edge_name.js";
import { paintEdge, waits } from "./edge_painter.js";
import { asks } from "./edge_state.js";
import { fitCanvas } from "./fit_canvas.js";
import { CARDS_BELOW, detailAt } from "./folding.js";
import { paintLabels } from "./label_painter.js";
import { paintLens } from "./lens_painter.js";
import { paintLinks } from "./link_painter.js";
import { paintMerged } from "./merge_painter.js";
import { paintNode } from "./node_painter.js";
import { paintPins } from "./pin_painter.js";
import { NAME_HEIGHT } from "./runs.js";
import { paintVeil } from "./veil_painter.js";

/** Of a node with more lines not all can have their numbers written. */
const MOST_ASKED = 6;

export class Painter {
  /** Node id under the pointer, run under it, selected node id, selected line (edge_name.js); "" or null for none. */
  hovered = "";
  hoveredRun = null;
  selected = "";
  selectedEdge = "";
  palette;

  #canvas; #context; #scene; #viewport; #due = false;

  constructor({ canvas, scene, viewport, palette }) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#scene = scene;
    this.#viewport = viewport;
    this.palette = palette;
  }

  /** Something changed: draw with the next frame. */
  request() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#draw();
    });
  }

  #draw() {
    const { width, height } = this.#viewport, context = this.#context;
    if (!width || !height) return;
    fitCanvas(this.#canvas, width, height);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.paint(context, devicePixelRatio || 1);
  }

  /** Draw on a context, `ratio` of its units a CSS pixel; `scene` may be another one of the same graph. */
  paint(context, ratio, scene = this.#scene) {
    const { x, y, scale } = this.#viewport;
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y);
    scene.arrange(scale);
    this.#drawScene(context, scene, scale);
  }

  #drawScene(context, scene, scale) {
    const { palette } = this, detail = detailAt(scale), seen = (box) => this.#viewport.sees(box), nodes = scene.loose.filter(({ box }) => seen(box));
    const apps = scene.apps.filter((app) => framesOf(app).some(seen)), cards = apps.filter(({ key }) => scene.folded.has(key));
    for (const app of apps) {
      if (scene.folded.has(app.key)) continue;
      paintAppBox(context, app, scene.totals(app), { palette, scale });
      for (const node of scene.nodesOf(app)) if (seen(node.box)) nodes.push(node);
    }
    const runs = [], inked = [];
    if (scale < CARDS_BELOW) paintLinks(context, scene, { palette, scale });
    else for (const run of scene.runs) if (seen(run.box)) (this.#isInked(run) ? inked : runs).push(run);
    const all = { runs, inked, cards, nodes }, spotlight = (scene.lens ?? scene).spotlight, lit = spotlight && this.#litOf(all, spotlight);
    this.#drawLayer(context, scene, all, { scale, detail });
    if (lit) {
      paintVeil(context, this.#viewport, palette);
      this.#drawLayer(context, scene, lit, { scale, detail });
    }
    paintPins(context, scene, { palette, scale });
    if (scene.lens) paintLens(context, scene.lens, { nodes, apps, runs: [...runs, ...inked], palette, scale });
    if (cards.length) paintMerged(context, [...runs, ...inked], cards, { palette, scale });
    if (detail === "far" || (detail !== "full" && !scene.labels)) return;
    const labelled = [...inked, ...(lit ?? all).runs.filter((run) => scene.labels || waits(run) || asks(run))];
    const taken = [...nodes.map(({ box }) => box), ...apps.flatMap(framesOf).map(([x, y, w]) => [x, y, w, NAME_HEIGHT])], pointed = this.hoveredRun;
    paintLabels(context, labelled, taken, { palette, pointed, asked: inked.length > MOST_ASKED ? [pointed] : inked, numbers: scene.labels, scale });
  }

  #drawLayer(context, scene, { runs, inked, cards, nodes }, { scale, detail }) {
    const { palette } = this;
    for (const run of runs) paintEdge(context, run, { palette, scale, heads: detail !== "far" });
    for (const run of inked) paintEdge(context, run, { palette, scale, ink: true, heads: true });
    for (const app of cards) paintAppCard(context, app, scene.totals(app), { palette, scale, beats: scene.beats.get(app.key), finding: gravest(scene.nodesOf(app), scene.findings) });
    for (const node of nodes) {
      paintNode(context, node, { palette, detail, selected: node.id === this.selected, hovered: node.id === this.hovered, finding: scene.findings.get(node.id) });
    }
  }

  /** What is drawn again above the veil: what stands out, the lines between it, and what is pointed at. */
  #litOf({ runs, inked, cards, nodes }, spotlight) {
    const isLit = (thing) => spotlight.isOn(thing) || thing.id === this.selected || thing.id === this.hovered;
    return { runs: runs.filter(({ source, target }) => isLit(source) && isLit(target)), inked, cards: cards.filter(isLit), nodes: nodes.filter(isLit) };
  }

  #isInked(run) {
    const ends = [run.source.id, run.target.id];
    if (this.selectedEdge && edgeName(run) === this.selectedEdge) return true;
    return run === this.hoveredRun || (this.selected && ends.includes(this.selected)) || (this.hovered && ends.includes(this.hovered));
  }
}

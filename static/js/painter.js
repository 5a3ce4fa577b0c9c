/*
 * Painter: draws a scene on a canvas, crisp on any screen, once per frame at most and only when something changed.
 *
 * Three distances: near everything is written, in the middle names only, far away apps become cards.
 */
import { paintAppBox, paintAppCard } from "./app_painter.js";
import { paintEdge, waits } from "./edge_painter.js";
import { paintLabels } from "./label_painter.js";
import { paintNode } from "./node_painter.js";

/** Below it numbers would be smaller than 7 px. */
const FULL_FROM = 0.6;
/** Below it names would be. */
const NAMES_FROM = 0.35;
/** Below it nodes are spots no one can point at. */
const CARDS_BELOW = 0.25;

export function detailAt(scale) {
  if (scale >= FULL_FROM) return "full";
  if (scale >= NAMES_FROM) return "name";
  return scale >= CARDS_BELOW ? "far" : "cards";
}

export class Painter {
  /** Node id under the pointer, run under it, selected node id; "" or null for none. */
  hovered = "";
  hoveredRun = null;
  selected = "";
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
    const { width, height, scale } = this.#viewport, context = this.#context;
    if (!width || !height) return;
    fitCanvas(this.#canvas, width, height);
    const ratio = devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * this.#viewport.x, ratio * this.#viewport.y);
    const detail = detailAt(scale);
    if (detail === "cards") this.#drawCards(context, scale);
    else this.#drawNodes(context, scale, detail);
  }

  #drawNodes(context, scale, detail) {
    const { palette } = this, seen = (box) => this.#viewport.sees(box);
    for (const app of this.#scene.apps) if (seen(app.box)) paintAppBox(context, app, this.#scene.totals(app), { palette, scale });
    const runs = this.#scene.runs.filter(({ curve }) => seen(curve.box));
    const inked = runs.filter((run) => this.#isInked(run));
    for (const run of runs) if (!inked.includes(run)) paintEdge(context, run, { palette, heads: detail !== "far" });
    for (const run of inked) paintEdge(context, run, { palette, ink: true, heads: true });
    const nodes = this.#scene.nodes.filter(({ box }) => seen(box));
    for (const node of nodes) {
      paintNode(context, node, { palette, detail, selected: node.id === this.selected, hovered: node.id === this.hovered });
    }
    if (detail !== "full") return;
    const labelled = [...inked, ...runs.filter((run) => waits(run) && !inked.includes(run))];
    paintLabels(context, labelled, nodes.map(({ box }) => box), { palette, asked: this.hoveredRun });
  }

  #drawCards(context, scale) {
    const { palette } = this, faint = 1 / scale;
    context.globalAlpha = 0.7;
    context.strokeStyle = palette.edge;
    context.lineWidth = faint;
    for (const { curve } of this.#scene.links) if (this.#viewport.sees(curve.box)) context.stroke(curve.path);
    context.globalAlpha = 1;
    const boxed = new Set(this.#scene.apps.map(({ key }) => key));
    for (const node of this.#scene.nodes) {
      if (!boxed.has(node.app) && this.#viewport.sees(node.box)) paintNode(context, node, { palette, detail: "far" });
    }
    for (const app of this.#scene.apps) {
      if (this.#viewport.sees(app.box)) paintAppCard(context, app, this.#scene.totals(app), { palette, scale });
    }
  }

  #isInked(run) {
    const ends = [run.source.id, run.target.id];
    return run === this.hoveredRun || (this.selected && ends.includes(this.selected)) || (this.hovered && ends.includes(this.hovered));
  }
}

/** Give a canvas as many pixels as the screen has for it. Returns whether it changed, which clears it. */
export function fitCanvas(canvas, width, height) {
  const ratio = devicePixelRatio || 1, [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width === w && canvas.height === h) return false;
  canvas.width = w;
  canvas.height = h;
  return true;
}

/*
 * Pulse: a ring that leaves a node when something happened there. It carries nothing that is not written elsewhere, and
 * stays away when motion is not wanted, nobody looks, or there is too much of it.
 */
import { shapeOf } from "./icons.js";
import { outline } from "./node_shape.js";
import { fitCanvas } from "./fit_canvas.js";

const RING_MS = 600;
/** One ring per node and tick, whatever its rate. */
const TICK_MS = 250;
const MOST_NODES = 300;
const GROWTH_PX = 12;

export class Pulse {
  palette;
  #canvas; #context; #scene; #viewport; #rings = new Map(); #running = false;
  #still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor({ canvas, scene, viewport, palette }) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#scene = scene;
    this.#viewport = viewport;
    this.palette = palette;
  }

  /** These nodes did something. */
  add(ids) {
    if (this.#still.matches || document.hidden || this.#visible().length > MOST_NODES) return;
    const now = performance.now();
    for (const id of ids) if (now - (this.#rings.get(id) ?? -Infinity) >= TICK_MS) this.#rings.set(id, now);
    if (this.#rings.size && !this.#running) {
      this.#running = true;
      requestAnimationFrame((at) => this.#draw(at));
    }
  }

  #visible() {
    return [...this.#scene.nodes()].filter(({ box }) => this.#viewport.sees(box));
  }

  #draw(now) {
    const { width, height, scale, x, y } = this.#viewport, context = this.#context, ratio = devicePixelRatio || 1;
    if (!fitCanvas(this.#canvas, width, height)) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    }
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y);
    for (const node of this.#visible()) {
      const started = this.#rings.get(node.id);
      // An entry circle moves with its event: one ring says it.
      if (started === undefined || node.kind === "request") continue;
      this.#ring(context, node, Math.min(1, Math.max(0, (now - started) / RING_MS)));
    }
    for (const [id, started] of this.#rings) if (now - started >= RING_MS) this.#rings.delete(id);
    this.#running = this.#rings.size > 0;
    if (this.#running) requestAnimationFrame((at) => this.#draw(at));
    else context.clearRect(-x / scale, -y / scale, width / scale, height / scale);
  }

  #ring(context, node, done) {
    context.globalAlpha = (1 - done) ** 1.5;
    context.strokeStyle = this.palette[node.stats.state === "idle" ? "ok" : node.stats.state];
    context.lineWidth = 2;
    context.stroke(outline(shapeOf(node), node.box, 1 + GROWTH_PX * (1 - (1 - done) ** 2)));
    context.globalAlpha = 1;
  }
}

/* Pointing: what the pointer does on the canvas: it marks what it is over, chooses, opens and folds. */
import { edgeName } from "./edge_name.js";
import { listenForGestures } from "./gestures.js";
import { NOTHING, pointedAt } from "./pointed.js";

export class Pointing {
  #canvas; #painter; #on;

  /**
   * on: {pan(dx, dy), zoom(factor, x, y), select(id, {edge}), open(app), fold(key, folded), unpin(kind, name), grab(pointed) →
   * what is taken hold of (gestures.js)}.
   */
  constructor({ canvas, scene, viewport, painter, on }) {
    [this.#canvas, this.#painter, this.#on] = [canvas, painter, on];
    const at = (x, y) => pointedAt(scene, viewport, x, y);
    listenForGestures(canvas, {
      pan: on.pan, zoom: on.zoom, grab: (x, y) => on.grab(at(x, y)),
      click: (x, y) => this.#click(at(x, y)),
      hover: (x, y) => this.#hover(at(x, y)),
      leave: () => this.#hover(NOTHING),
    });
  }

  #click({ node, run, app, name, pin }) {
    if (pin) this.#on.unpin(...pin);
    else if (app) this.#on.open(app);
    else if (name) this.#on.fold(name.key, true);
    else this.#on.select(node?.id ?? "", { edge: edgeName(run) });
  }

  #hover({ node, run, app, name, pin }) {
    const hovered = node?.id ?? "", painter = this.#painter;
    this.#canvas.classList.toggle("over", Boolean(node || app || name || pin || edgeName(run)));
    if (hovered === painter.hovered && run === painter.hoveredRun) return;
    Object.assign(painter, { hovered, hoveredRun: run });
    painter.request();
  }
}

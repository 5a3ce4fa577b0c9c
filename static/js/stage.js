/* Stage: the canvas with everything that is drawn on it, pointed at, moved and chosen. */
import { NODES_FROM } from "./folding.js";
import { readPalette } from "./palette.js";
import { Painter } from "./painter.js";
import { Pointing } from "./pointing.js";
import { Pulse } from "./pulse.js";
import { Scene } from "./scene.js";
import { Viewport } from "./viewport.js";

/** Free around the graph when it is fitted: top, right, bottom (legend), left. */
const MARGINS = [24, 24, 64, 24];
/** A node that is asked for by name is shown at least this large, and so far from the sides. */
const READABLE = 0.75, AROUND = 32;

export class Stage {
  viewport = new Viewport(); scene;

  /** Takes hold of what is pointed at (gestures.js), and lets a pinned thing go; placing.js does both. */
  grab = () => null; unpin = () => {};
  touched = false; // whether somebody has moved what is seen: then nothing is fitted unasked

  #graph; #root; #canvas; #painter; #pulse; #onFold; #onMove; #room;

  /** onSelect(id, {edge}): clicked. onFold(key, folded): an app's card or name was. onMove(): moved. room(): pixels taken on the right. */
  constructor({ root, graph, onSelect, onFold, onMove, room }) {
    [this.scene, this.#graph, this.#root, this.#onFold, this.#onMove, this.#room] = [new Scene(graph), graph, root, onFold, onMove, room];
    this.#canvas = root.querySelector("#graph");
    const shared = { scene: this.scene, viewport: this.viewport, palette: readPalette() };
    this.#painter = new Painter({ canvas: this.#canvas, ...shared });
    this.#pulse = new Pulse({ canvas: root.querySelector("#pulses"), ...shared });
    new ResizeObserver(() => this.#resize(true)).observe(root);
    addEventListener("themechange", () => (this.#painter.palette = this.#pulse.palette = readPalette(), this.redraw()));
    const on = { pan: this.pan, zoom: this.zoom, select: onSelect, fold: onFold, open: (app) => this.open(app), grab: (pointed) => this.grab(pointed), unpin: (...pin) => this.unpin(...pin) };
    new Pointing({ canvas: this.#canvas, viewport: this.viewport, scene: this.scene, painter: this.#painter, on });
  }

  /** Things came, went, or are filtered otherwise. */
  rebuild(state) {
    this.scene.rebuild(state);
    this.fold(state);
    this.#measure();
    if (!this.touched) this.fit();
    this.redraw();
  }

  /** Apps were opened or shut by somebody. */
  fold({ opened, shut }) {
    Object.assign(this.scene, { opened: new Set(opened), shut: new Set(shut) });
    this.redraw();
  }

  /** The numbers of these nodes changed, and those of `pulsed` because they just did something. */
  refresh(ids, pulsed) {
    this.scene.touch(ids);
    this.redraw();
    this.#pulse.add(pulsed);
  }

  redraw = () => this.#painter.request();
  /** Draw what is seen on something else: Painter.paint. */
  paint = (...on) => this.#painter.paint(...on);
  /** Mark a node as if the pointer were over it; "" for none. */
  mark = (id) => (this.#painter.hovered = id, this.redraw());

  /** Show everything; from now on it stays shown until somebody moves it. */
  fit() {
    this.touched = false;
    const bounds = this.scene.bounds(), [top, right, bottom, left] = MARGINS;
    if (bounds && this.viewport.width) this.viewport.fit(bounds, [top, right + this.#room(), bottom, left]);
    this.#onMove();
    this.redraw();
  }

  /** By hand. */
  zoom = (factor, x, y) => this.#move(() => this.viewport.zoomAt(factor, x, y));
  pan = (dx, dy) => this.#move(() => this.viewport.panBy(dx, dy));
  centre = (x, y, scale) => this.#move(() => this.viewport.centre(x, y, scale));

  /** Mark a node as selected, or a line (edge_name.js), "" for none; bring the node `shows` into view. */
  select(id, { near = false, edge = "", shows = id } = {}) {
    Object.assign(this.#painter, { selected: this.scene.selected = id, selectedEdge: edge });
    // The panel has just opened or closed: the stage's new size counts.
    this.#resize();
    const node = this.#graph.nodes.get(shows);
    if (node) {
      if (near && this.viewport.scale < READABLE) this.viewport.zoomAt(READABLE / this.viewport.scale);
      this.viewport.reveal(node.box, AROUND);
      this.#onMove();
    }
    this.redraw();
  }

  /** unasked: not by what was chosen, whose panel takes room. Then what was seen whole is, and what is chosen stays in sight. */
  #resize(unasked = false) {
    if (!this.#measure()) return;
    const chosen = this.#graph.nodes.get(this.#painter.selected);
    if (!this.touched && (!chosen || (unasked && this.viewport.isFitted))) this.fit();
    else if (!this.touched && unasked) this.viewport.reveal(chosen.box, AROUND);
    this.redraw();
  }

  /** Take the size the page gives; returns whether it is another one. */
  #measure() {
    return this.viewport.resize(this.#root.clientWidth, this.#root.clientHeight);
  }

  #move(change) {
    this.touched = true;
    change();
    this.#onMove();
    this.redraw();
  }

  /** Come near enough to see what is in it; what is too large for that is opened from afar. */
  open(app) {
    if (this.viewport.scale < NODES_FROM) this.#move(() => this.viewport.fit(app.box, MARGINS));
    this.#onFold(app.key, false);
  }
}

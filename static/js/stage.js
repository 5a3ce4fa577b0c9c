/* Stage: the canvas with everything that is drawn on it, pointed at, moved and chosen. */
import { listenForGestures } from "./gestures.js";
import { readPalette } from "./palette.js";
import { Painter } from "./painter.js";
import { NOTHING, pointedAt } from "./pointed.js";
import { Pulse } from "./pulse.js";
import { Scene } from "./scene.js";
import { Viewport } from "./viewport.js";

/** Free around the graph when it is fitted: top, right, bottom (legend), left. */
const MARGINS = [24, 24, 64, 24];
/** A node that is asked for by name is shown at least this large. */
const READABLE = 0.75;

export class Stage {
  viewport = new Viewport();
  scene;

  #graph; #root; #canvas; #painter; #pulse; #onSelect; #onMove; #room; #touched = false;

  /** onSelect(id): clicked. onMove(): the viewport changed. room(): pixels on the right that are taken. */
  constructor({ root, graph, onSelect, onMove, room }) {
    Object.assign(this, { scene: new Scene(graph) });
    [this.#graph, this.#root, this.#onSelect, this.#onMove, this.#room] = [graph, root, onSelect, onMove, room];
    this.#canvas = root.querySelector("#graph");
    const shared = { scene: this.scene, viewport: this.viewport, palette: readPalette() };
    this.#painter = new Painter({ canvas: this.#canvas, ...shared });
    this.#pulse = new Pulse({ canvas: root.querySelector("#pulses"), ...shared });
    new ResizeObserver(() => this.#resize()).observe(root);
    addEventListener("themechange", () => this.#recolour());
    listenForGestures(this.#canvas, {
      pan: this.pan,
      zoom: (factor, x, y) => this.#move(() => this.viewport.zoomAt(factor, x, y)),
      click: (x, y) => this.#click(pointedAt(this.scene, this.viewport, x, y)),
      hover: (x, y) => this.#hover(pointedAt(this.scene, this.viewport, x, y)),
      leave: () => this.#hover(NOTHING),
    });
  }

  /** Things came, went, or are filtered otherwise. */
  rebuild(filters) {
    this.scene.rebuild(filters);
    this.#measure();
    if (!this.#touched) this.fit();
    this.redraw();
  }

  redraw = () => this.#painter.request();
  pulse = (ids) => this.#pulse.add(ids);

  /** Show everything; from now on it stays shown until somebody moves it. */
  fit() {
    this.#touched = false;
    const bounds = this.scene.bounds(), [top, right, bottom, left] = MARGINS;
    if (bounds && this.viewport.width) this.viewport.fit(bounds, [top, right + this.#room(), bottom, left]);
    this.#onMove();
    this.redraw();
  }

  /** By hand: from now on nothing is fitted unasked. */
  zoom = (factor) => this.#move(() => this.viewport.zoomAt(factor));
  pan = (dx, dy) => this.#move(() => this.viewport.panBy(dx, dy));

  /** Mark a node as selected and bring it into view; "" for none. */
  select(id, { near = false } = {}) {
    this.#painter.selected = id;
    // The panel has just opened or closed: the stage's new size counts.
    this.#resize();
    const node = this.#graph.nodes.get(id);
    if (node) {
      if (near && this.viewport.scale < READABLE) this.viewport.zoomAt(READABLE / this.viewport.scale);
      this.viewport.reveal(node.box, 32);
      this.#onMove();
    }
    this.redraw();
  }

  #resize() {
    if (!this.#measure()) return;
    if (!this.#touched && !this.#painter.selected) this.fit();
    this.redraw();
  }

  /** Take the size the page gives; returns whether it is another one. */
  #measure() {
    const { clientWidth, clientHeight } = this.#root;
    if (this.viewport.width === clientWidth && this.viewport.height === clientHeight) return false;
    this.viewport.resize(clientWidth, clientHeight);
    return true;
  }

  #recolour() {
    this.#painter.palette = this.#pulse.palette = readPalette();
    this.redraw();
  }

  #move(change) {
    this.#touched = true;
    change();
    this.#onMove();
    this.redraw();
  }

  #click({ node, app }) {
    if (!node && app) this.#move(() => this.viewport.fit(app.box, MARGINS));
    else this.#onSelect(node?.id ?? "");
  }

  #hover({ node, run }) {
    const hovered = node?.id ?? "", painter = this.#painter;
    this.#canvas.classList.toggle("over", Boolean(node));
    if (hovered === painter.hovered && run === painter.hoveredRun) return;
    Object.assign(painter, { hovered, hoveredRun: run });
    this.redraw();
  }
}

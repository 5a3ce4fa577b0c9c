/*
 * Kiosk: the page on a wall. No chrome; problem after problem is selected and shown large, every so many seconds the next; with
 * nothing wrong all of the graph and a calm line. How fresh it is stays said. A part of the graph page (parts.js).
 */
import { KioskView } from "./kiosk_view.js";
import { Links } from "./links.js";
import { onMenu } from "./menu.js";
import { nextOf } from "./finder.js";
import { problemsOf } from "./tree_rows.js";
import { boundsOf } from "./viewport.js";

/** Free around what is shown, CSS pixels: top, right, bottom, left. */
const MARGINS = [64, 64, 64, 64];
/** Read from afar: larger than on a desk. A problem whose neighbours are too far for that is shown alone. */
const LARGEST = 2.2, SMALLEST = 1.1;

export function kiosk(page) {
  const { state, graph, stage, keys, leaves, followers } = page, view = new KioskView();
  let framed = null, since = 0, wake = null;

  /** Select the next problem, or nothing when there is none. */
  const goOn = (ids) => {
    const next = nextOf(ids, state.node, 1) ?? "";
    if (next !== state.node) page.select(next);
  };
  const frame = () => {
    [framed, since] = [state.node, performance.now()];
    const node = graph.nodes.get(state.node), bounds = node ? around(stage, graph, node) : stage.scene.bounds();
    if (!bounds) return;
    showLarge(stage.viewport, bounds);
    stage.pan(0, 0);
  };
  const show = () => {
    document.body.classList.toggle("kiosk", state.kiosk);
    framed = null;
  };
  const enter = async () => {
    state.set({ kiosk: true });
    show();
    view.focus();
    // What a browser refuses is no loss: the page is a wall screen without it, too.
    await document.documentElement.requestFullscreen?.().catch(() => {});
    if (!state.kiosk) return document.fullscreenElement && document.exitFullscreen();
    wake = await navigator.wakeLock?.request("screen").catch(() => null);
  };
  const leave = () => {
    if (!state.kiosk) return;
    state.set({ kiosk: false });
    show();
    wake?.release();
    if (document.fullscreenElement) document.exitFullscreen();
    stage.fit();
    page.select(state.node);
    document.getElementById("stage").focus();
  };

  keys.k = () => (state.kiosk ? leave : enter)();
  leaves.add(() => state.kiosk, leave, { above: true });
  onMenu("menu-kiosk", enter);
  document.getElementById("kiosk-leave").addEventListener("click", leave);
  // Escape leaves full screen first, and is not told to the page.
  document.addEventListener("fullscreenchange", () => document.fullscreenElement || leave());
  followers.push(() => {
    if (!state.kiosk) return;
    const held = state.paused || document.body.matches(".lost, .then"), problems = problemsOf(graph).filter(({ id }) => stage.scene.shown.has(id));
    const ids = problems.map(({ id }) => id), due = performance.now() - since >= state.every * 1000;
    // A wall that shows no problem shows the first one at once: it never calls calm what is not.
    const over = state.node ? framed !== null && !ids.includes(state.node) : ids.length;
    // What is held is no news: it stays as it is.
    if (!held && (due || over)) {
      // Before it goes on: who selects is followed at once.
      [framed, since] = [null, performance.now()];
      goOn(ids);
    }
    if (framed !== state.node) frame();
    view.show({ graph, ids, node: graph.nodes.get(state.node), held, shown: stage.scene.shown });
  });
  show();
}

/** The box of a node and of what touches it; its own where that would be too small. */
function around({ viewport, scene }, graph, node) {
  const near = new Links(graph).near(node.id).others.filter(({ id }) => scene.shown.has(id)), bounds = boundsOf([node, ...near].map(({ box }) => box));
  return scaleFor(viewport, bounds) < SMALLEST ? node.box : bounds;
}

/** Viewport.fit magnifies nothing: text is made for a desk. */
function showLarge(viewport, bounds) {
  viewport.fit(bounds, MARGINS);
  viewport.zoomAt(Math.min(LARGEST, scaleFor(viewport, bounds)) / viewport.scale);
}

function scaleFor({ width, height }, [, , w, h]) {
  const [top, right, bottom, left] = MARGINS;
  return Math.min((width - left - right) / w, (height - top - bottom) / h);
}

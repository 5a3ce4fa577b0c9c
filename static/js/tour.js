/*
 * Tour: five stops at what is on the page now. It begins by itself on a first visit, by an address that asks for nothing;
 * the menu begins it again. A part of the graph page (parts.js).
 */
import { onMenu } from "./menu.js";
import { NARROW } from "./narrow.js";
import { tourStops } from "./tour_stops.js";
import { TourView } from "./tour_view.js";

const KEY = "eventscope.tour";
/** A node is explained at least this large, and this far from the stage's sides. */
const READABLE = 0.75, MARGIN = 48;

const byId = (id) => document.getElementById(id);

export function tour(page) {
  const { state, graph, stage, tree, finding, leaves, followers } = page;
  let stops = null, at = 0, before = null, pressed = "", isFirst = location.search === "" && !navigator.webdriver && !wasHere();

  const does = { open: (id) => page.select(id, { near: true }), find: finding.keys.find, problem: () => finding.keys.problem(1), hold: () => byId("pause").click() };
  const view = new TourView({ next: () => go(at + 1), back: () => go(at - 1), act, leave });

  function begin() {
    [before, stops] = [document.activeElement, tourStops(page, does)];
    remember();
    go(0);
  }
  function go(to) {
    if (to < 0) return;
    if (to >= stops.length) return leave();
    at = to;
    bringIntoView();
    // On a phone the panel would lie over what is explained.
    view.show(NARROW.matches && stops[at].node ? { ...stops[at], act: null } : stops[at], at, stops.length);
    follow();
  }
  function act() {
    stops[at].act.does();
    if (!stops[at].act.leads) view.focus();
    follow();
  }
  function leave() {
    if (!stops) return;
    stops = null;
    view.hide();
    (before?.isConnected && before !== document.body ? before : byId("stage")).focus();
  }

  /** What the stop is about; a node that is not drawn any more is nothing. */
  function target() {
    const { node, at: selector } = stops[at], here = graph.nodes.get(node);
    if (node && !NARROW.matches) return here ? nodeRect(stage, here) : null;
    return elementOf(node ? `#apps [data-row="${CSS.escape(node)}"]` : selector)?.getBoundingClientRect() ?? null;
  }
  function bringIntoView() {
    const { node: id, at: selector } = stops[at], node = graph.nodes.get(id), { viewport } = stage;
    if (!node) return elementOf(selector)?.scrollIntoView({ block: "nearest" });
    if (NARROW.matches) {
      // The list is drawn a few times a second: what the tour explains may not be in it yet.
      tree.show(stage.scene.shown, state.node);
      return tree.focus(id)?.scrollIntoView({ block: "start" });
    }
    if (viewport.scale < READABLE) viewport.zoomAt(READABLE / viewport.scale);
    viewport.reveal(node.box, MARGIN);
    stage.pan(0, 0);
  }
  /** The stage is a large thing: a card on it covers what is said of it no more than any window does. */
  const follow = () => view.place(stops[at].at === "#stage" ? null : target());

  leaves.add(() => stops, leave, { above: true });
  onMenu("menu-tour", begin);
  addEventListener("resize", () => stops && follow());
  // Who does the task with a key that takes the focus along comes back to the tour.
  addEventListener("keydown", ({ key }) => (pressed = key), { capture: true });
  addEventListener("focusin", ({ target }) => {
    const { keys, from } = stops?.[at].back ?? {};
    if (keys?.includes(pressed) && target.closest(from)) view.focus();
  });
  followers.push(({ live }) => {
    if (stops) return follow();
    if (!isFirst || !live || state.kiosk || !graph.nodes.size || document.activeElement !== document.body) return;
    isFirst = false;
    begin();
  });
}

/** The first that is seen. */
function elementOf(selector) {
  return [...document.querySelectorAll(selector)].find((element) => element.offsetWidth);
}

function nodeRect({ viewport: { x, y, scale } }, { box: [left, top, w, h] }) {
  const stage = byId("stage").getBoundingClientRect();
  return new DOMRect(stage.left + x + left * scale, stage.top + y + top * scale, w * scale, h * scale);
}

/** A browser that keeps nothing is not asked again and again. */
function wasHere() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true;
  }
}

function remember() {
  try {
    localStorage.setItem(KEY, "seen");
  } catch {
    // Then it is begun by hand only.
  }
}

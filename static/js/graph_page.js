/* GraphPage: joins the page's parts. State lives in UrlState and Graph; everything else shows them. */
import { ChipView } from "./chip_view.js";
import { setText } from "./dom.js";
import { chosen } from "./edge_name.js";
import { EmptyView } from "./empty_view.js";
import { emptyState } from "./empty_state.js";
import { Feed } from "./feed.js";
import { FindPage } from "./find_page.js";
import { freshness, isDead } from "./freshness.js";
import { Graph } from "./graph.js";
import { inspection } from "./inspection.js";
import { listenForKeys, nextNode } from "./keyboard.js";
import { clockText } from "./numbers.js";
import { PanelView } from "./panel_view.js";
import { PARTS } from "./parts.js";
import { Stage } from "./stage.js";
import { t } from "./text.js";
import { Toolbar } from "./toolbar.js";
import { TreeView } from "./tree_view.js";
import { UrlState } from "./url_state.js";

/** Lists and chip follow the graph at this pace; the canvas follows at once. */
const LISTS_EVERY_MS = 250;

const find = (id) => document.getElementById(id);
const config = JSON.parse(find("config").textContent);
const state = new UrlState(), graph = new Graph();

const tree = new TreeView({ root: find("tree"), graph, onSelect: (id) => select(id, { near: true }) });
const empty = new EmptyView({ home: find("stage"), narrowHome: find("tree"), onClear: () => finding.clear() });
const stage = new Stage({ root: find("stage"), graph, onSelect: select, onFold: (key, folded) => stage.fold(state.fold(key, folded)), onMove: () => toolbar.showZoom(stage.viewport.scale), room: () => empty.room });
const finding = new FindPage({ state, graph, stage, refilter, select: (id) => select(id, { near: true }) });
const toolbar = new Toolbar({ state, graph, on: { filter, view: changeView, pause, zoom: (factor) => stage.zoom(factor), fit: () => stage.fit() } });
const feed = new Feed({ graph, state, path: config.socket, onChange, onBeat: showLists, onPhase: showLists });
const chip = new ChipView({ chips: ["chip", "chip-below", "chip-kiosk"].map(find), said: find("said"), onRetry: () => feed.socket.retry() });
const panel = new PanelView({
  panel: find("panel"), addresses: { node: config.panels, edge: config.edge_panels, drift: config.drift_panels }, onClose: () => select(""), onSelect: select,
  mayRefresh: () => !state.paused && !feed.then && feed.socket.phase === "alive",
});
const page = { config, state, graph, stage, tree, finding, feed, panel, select, filter, refilter, rebuild, keys: {}, followers: [] };
for (const begin of PARTS) begin(page);
const pageKeys = listenForKeys(find("stage"), {
  ...finding.keys, more: page.keys, escape: () => page.leaves.escape(), pause: () => (state.at_time ? page.replay?.toggle() : pause()), fit: () => stage.fit(), zoom: (factor) => stage.zoom(factor), pan: (dx, dy) => stage.pan(dx, dy),
  step: (...by) => ((next) => Boolean(next && (select(next), next)))(state.node && nextNode(graph, stage.scene.shown, state.node, by)),
});
setInterval(showLists, LISTS_EVERY_MS);
globalThis.eventscope = inspection(page, pageKeys);
document.fonts.ready.then(stage.redraw);
toolbar.show();

/** The graph changed. */
function onChange({ structure, updated, pulsed }) {
  finding.follow({ structure });
  if (structure) rebuild();
  stage.refresh(updated, pulsed);
}

function rebuild() {
  // The panel first: a graph that is fitted is fitted beside it.
  panel.show(state.view, chosen(graph, state, feed.then));
  stage.rebuild(finding.filters);
  toolbar.show();
  show();
}

/** Select a node or, by its name, the line between two, or nothing. */
function select(id, { near = false, edge = "" } = {}) {
  state.set({ node: graph.nodes.has(id) ? id : "", edge });
  show(near);
  showLists();
}

/** The address may name what is not there (yet): the panel waits for it. */
function show(near = false) {
  const choice = chosen(graph, state, feed.then), there = choice?.id ?? "";
  panel.show(state.view, choice);
  stage.select(there, { near, edge: choice && state.edge, shows: choice?.id ?? choice?.target });
}

function filter(changes) {
  state.set(changes);
  refilter({ fit: true });
}

function refilter({ fit }) {
  stage.rebuild(finding.filters);
  if (fit) stage.fit();
  toolbar.show();
  showLists();
}

function changeView(view) {
  if (view === state.view) return;
  state.set({ view, node: "", edge: "" });
  toolbar.show();
  panel.show(view, null);
  feed.changeView();
}

function pause() {
  if (feed.then) return state.set({ at_time: "" });
  state.set({ paused: !state.paused });
  if (!state.paused) feed.resume();
  toolbar.show();
  showLists();
}

/** Everything but the canvas. */
function showLists() {
  const { phase, retryAt } = feed.socket, alive = phase === "alive", heard = feed.heard;
  const fresh = freshness({ phase, retryInS: (retryAt - performance.now()) / 1000, beat: feed.beat, heard, at: graph.at, paused: state.paused, moved: graph.hasMoved(), then: feed.then });
  chip.show(fresh);
  document.body.classList.toggle("lost", isDead(fresh));
  finding.show();
  tree.show(stage.scene.shown, state.node);
  if (empty.show(emptyState({ graph, shown: stage.scene.shown, beat: feed.beat, alive: alive && !feed.then, state }))) stage.rebuild(finding.filters);
  toolbar.showPace(feed.then ? t("Back to live") : state.paused ? t("Paused") : isDead(fresh) ? t("Held") : t("Live"));
  for (const follow of page.followers) follow({ alive, live: fresh.kind === "live", beat: feed.beat });
  setText(find("clock"), heard ? clockText(feed.then || (state.paused ? graph.at : heard)) : "");
}

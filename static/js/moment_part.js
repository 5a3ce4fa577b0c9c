/*
 * MomentPart (a part): the graph as it was, ?at_time=<unix second>: its topology, and the numbers of the minute before. What
 * comes live is not taken in meanwhile, and everything says that it is not live; Escape leads back.
 */
import { Asking } from "./answered.js";
import { chosen } from "./edge_name.js";
import { LensChip } from "./lens_chip.js";
import { nextDelta } from "./moment_delta.js";
import { clockText } from "./numbers.js";
import { t } from "./text.js";
import { momentText } from "./time_range.js";

/** Browsers allow few changes of the address. */
const WRITE_EVERY_MS = 1000;
/** The panel follows at this pace: somebody reads it. */
const PANEL_EVERY_MS = 2000;

export function moment(page) {
  const { config, state, graph, stage, feed, finding, rebuild, leaves, followers } = page;
  // What a file shows is all there is.
  const chip = config.in_file ? new LensChip({ label: t("Saved moment") }) : new LensChip({ label: t("As it was"), leave });
  const asking = new Asking((told, { atS, view }) => state.at_time && view === state.view && (told.why ? fail(told.why, atS) : take([told], atS)));
  /** asked, shown: key and time; drawn: the topology that is shown; told: what is shown. */
  let asked = "", shown = "", drawn = "", told = null, written = state.at_time, writtenAt = -Infinity, panelAt = 0;

  /** What other parts do with it. isShown(): it is what the address asks for. stepS(): within so long nothing of it changes. */
  page.moment = { tools: chip.tools, go, take, say, isShown: () => !asking.isAway && asked === `${state.view} ${state.at_time}`, stepS: () => told?.step_s ?? 10 };

  function leave() {
    state.set({ at_time: "" });
    chip.hide();
    look();
  }

  /** To another time, unix seconds. */
  function go(atS) {
    state.at_time = String(Math.floor(Math.min(atS, Date.now() / 1000)));
    look();
  }

  function look() {
    const atS = Number(state.at_time), key = atS && `${state.view} ${atS}`;
    if (state.at_time !== written && performance.now() - writtenAt >= WRITE_EVERY_MS) write();
    // Whoever opens a link to it never sees now.
    if (atS && !graph.hub) feed.then = atS;
    if (key && key !== asked) asking.ask(`${config.moments[state.view]}?${new URLSearchParams({ at: atS })}`, { atS, view: state.view });
    if (key || !feed.then) asked = key || "";
    // While the server is away, now is not known: what was is kept.
    if (!key && feed.then && feed.socket.phase === "alive") back();
    document.body.classList.toggle("then", feed.then > 0);
    if (feed.then && performance.now() - panelAt >= PANEL_EVERY_MS) showPanel();
  }

  function showPanel() {
    panelAt = performance.now();
    page.panel.show(state.view, chosen(graph, state, feed.then));
  }

  function write() {
    [written, writtenAt] = [state.at_time, performance.now()];
    state.set({});
  }

  /** Show what the server tells of moments, in their order; atS: which time it is then. ran: mark nodes that ran. said: see say(). */
  function take(frames, atS, { ran = false, said = "" } = {}) {
    const change = { structure: false, updated: new Set() };
    for (told of frames) {
      const name = told.drawn && `${state.view} ${told.drawn}`, changed = graph.apply(nextDelta(told.delta, graph, name && name === drawn));
      drawn = name;
      change.structure ||= changed.structure;
      for (const id of changed.updated) change.updated.add(id);
    }
    // Their last quarter of an hour is that of now.
    stage.scene.beats = new Map();
    asking.forget();
    feed.then = Math.floor(atS);
    shown = state.at_time = String(feed.then);
    asked = `${state.view} ${shown}`;
    if (frames.length) {
      for (const hear of feed.hears) hear(change);
      finding.follow(change);
      if (change.structure) rebuild();
      if (!ran) showPanel();
      stage.refresh(change.updated, ran ? [...graph.nodes.values()].filter(({ stats }) => stats.rate > 0).map(({ id }) => id) : []);
    }
    say(said);
  }

  /** Say something of it, or what its numbers are of. */
  function say(text) {
    if (told) chip.show({ name: momentText(feed.then), said: text || t("not live, numbers of {from} – {until}", { from: clockText(told.from_s), until: clockText(told.until_s) }) });
  }

  /** Nothing is kept of that time: what was shown before stays, and says why. */
  function fail(why, atS) {
    state.set({ at_time: shown });
    asked = shown && `${state.view} ${shown}`;
    if (!shown && feed.then) back();
    chip.show({ name: momentText(atS), said: why });
  }

  function back() {
    asking.forget();
    // A paused page takes the picture of now, too: it has none of its own any more.
    [asked, shown, drawn, told, feed.then, graph.hub] = ["", "", "", null, 0, ""];
    chip.hide();
    feed.resume();
  }

  document.getElementById("panel").addEventListener("click", (event) => {
    if (!event.target.closest("[data-now]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    leave();
  });
  if (!config.in_file) leaves.add(() => Boolean(state.at_time), leave);
  followers.push(look);
  look();
}

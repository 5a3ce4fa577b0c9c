/*
 * MomentPart (a part): the graph as it was, ?at_time=<unix second>: its topology, and the numbers of the minute before. What
 * comes live is not taken in meanwhile, and everything says that it is not live; Escape leads back.
 */
import { LensChip } from "./lens_chip.js";
import { clockText } from "./numbers.js";
import { t } from "./text.js";
import { momentText } from "./time_range.js";

const AWAY = t("The server does not answer.");

export function moment({ config, state, graph, stage, feed, finding, rebuild, leaves, followers }) {
  // What a file shows is all there is.
  const chip = config.in_file ? new LensChip({ label: t("Saved moment") }) : new LensChip({ label: t("As it was"), leave });
  let asked = "", shown = "";

  function leave() {
    const was = Boolean(state.at_time);
    state.set({ at_time: "" });
    chip.hide();
    look();
    return was;
  }

  function look() {
    const atS = /^\d{1,11}$/.test(state.at_time) ? Number(state.at_time) : 0, key = atS && `${state.view} ${atS}`;
    // Whoever opens a link to it never sees now.
    if (atS && !graph.hub) feed.then = atS;
    if (key && key !== asked) ask(key, atS);
    if (!key && !feed.then) asked = "";
    // While the server is away, now is not known: what was is kept.
    if (!key && feed.then && feed.socket.phase === "alive") back();
    document.body.classList.toggle("then", feed.then > 0);
  }

  async function ask(key, atS) {
    asked = key;
    let told = { why: AWAY };
    try {
      told = await (await fetch(`${config.moments[state.view]}?${new URLSearchParams({ at: atS })}`)).json();
    } catch {
      // Away, or signed out.
    }
    if (asked !== key || !state.at_time) return;
    if (told.why) return fail(told.why, atS);
    shown = state.at_time;
    feed.then = atS;
    // Their last quarter of an hour is that of now.
    stage.scene.beats = new Map();
    const change = graph.apply({ ...told.delta, hub: "then" });
    for (const hear of feed.hears) hear(change);
    finding.follow(change);
    rebuild();
    chip.show({ name: momentText(atS), said: t("not live, numbers of {from} – {until}", { from: clockText(told.from_s), until: clockText(told.until_s) }) });
  }

  /** Nothing is kept of that time: what was shown before stays, and says why. */
  function fail(why, atS) {
    state.set({ at_time: shown });
    asked = shown && `${state.view} ${shown}`;
    if (!shown && feed.then) back();
    chip.show({ name: momentText(atS), said: why });
  }

  function back() {
    [asked, shown, feed.then] = ["", "", 0];
    chip.hide();
    feed.resume();
  }

  document.getElementById("panel").addEventListener("click", (event) => {
    if (!event.target.closest("[data-now]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    leave();
  });
  if (!config.in_file) leaves.push(leave);
  followers.push(look);
  look();
}

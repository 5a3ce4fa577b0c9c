/*
 * DifferencesPart (a part): while the time bar compares, ?against=1d|7d, marks which nodes and apps clearly behave otherwise
 * than in the same time a day or seven days earlier, and lists them. The time is that of the bar; of a graph as it was, the
 * quarter of an hour before.
 */
import { answered } from "./answered.js";
import { badgeOf, differencesList } from "./differences_list.js";
import { backOf } from "./earlier.js";
import { chosen } from "./edge_name.js";
import { Lens } from "./lens.js";
import { LensChip } from "./lens_chip.js";
import { clockText } from "./numbers.js";
import { t, tn } from "./text.js";
import { momentText, readRange } from "./time_range.js";

const QUARTER_S = 900;
/** Numbers of long do not move faster than this share of it. While time is moved, it is not asked for each step. */
const SHARE = 1 / 60, EVERY_MS = 30_000, LEAST_MS = 2000;

export function differences({ config, state, graph, stage, feed, panel, select, followers, leaves }) {
  const chip = new LensChip({ label: t("Compared with"), leave, select });
  let asked = "", askedAt = -Infinity, told = null, laid = "", lens = null, against = state.against;

  function leave() {
    state.set({ against: "" });
    look();
  }

  /** {fromS, untilS, moves: whether it goes on}; null where nothing is compared, or another lens lies over the graph. */
  function span() {
    if (!backOf(state.against).s || state.blast || state.follow || state.changed) return null;
    const atS = Number(state.at_time), range = readRange(state.time, Date.now() / 1000);
    if (atS) return { fromS: atS - QUARTER_S, untilS: atS, moves: false };
    return range && { ...range, moves: Boolean(range.name) };
  }

  async function ask(key, { fromS, untilS }) {
    [asked, askedAt] = [key, performance.now()];
    const query = new URLSearchParams({ from: fromS, to: untilS, back_s: backOf(state.against).s });
    const answer = await answered(`${config.differences[state.view]}?${query}`);
    if (asked === key && !(told && answer.isAway)) [told, laid] = [{ rows: [], ...answer }, ""];
  }

  function lay() {
    const { rows, gone } = told, badges = new Map(rows.map((row) => [row.id, badgeOf(row)])), listed = Boolean(rows.length || gone);
    clear();
    if (rows.length) lens = stage.scene.lens = new Lens(graph, { ids: [...badges.keys()], badges });
    chip.list.replaceChildren(...(listed ? differencesList(graph, told) : []));
    chip.show({ name: backOf(state.against).words, said: said(told), listed });
    stage.redraw();
  }

  function clear() {
    // Another part may have laid its own.
    if (stage.scene.lens === lens) stage.scene.lens = null;
    lens = null;
  }

  /** Its charts have what was earlier behind them. */
  function showPanel() {
    against = state.against;
    panel.show(state.view, chosen(graph, state, feed.then));
  }

  function look() {
    const now = span();
    if (against !== state.against) showPanel();
    if (!now) return void (asked && stop());
    if (!graph.view || graph.view !== state.view) return;
    const key = `${state.view} ${state.against} ${state.at_time || state.time}`, agoMs = performance.now() - askedAt;
    const everyMs = Math.max(EVERY_MS, (now.untilS - now.fromS) * 1000 * SHARE), isDue = (now.moves || told?.isAway) && !document.hidden && agoMs > everyMs;
    if ((key !== asked && agoMs > LEAST_MS) || isDue) ask(key, now);
    const drawn = `${asked} ${askedAt} ${graph.hub} ${graph.nodes.size} ${graph.edges.size}`;
    if (!told || laid === drawn) return;
    laid = drawn;
    lay();
  }

  function stop() {
    [asked, askedAt, told, laid] = ["", -Infinity, null, ""];
    clear();
    chip.hide();
    stage.redraw();
  }

  leaves.add(() => state.against, leave);
  followers.push(look);
}

function said({ why, from_s: fromS, until_s: untilS, begun_s: begunS, silent, differ, compared }) {
  if (why) return why;
  if (!fromS) return t("nothing is kept of then: history begins {time}", { time: begunS ? momentText(begunS) : "–" });
  const told = silent ? t("nothing ran then or now, or nobody watched") : tn("{differ} of {count} node clearly differs", "{differ} of {count} nodes clearly differ", compared, { differ });
  return `${momentText(fromS)} – ${clockText(untilS)}: ${told}`;
}

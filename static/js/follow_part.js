/*
 * FollowPart (a part): one request followed through apps and streams, ?follow=<any of its ids>: its runs stand out in their
 * order, each with how it ended and how long it took, the lines it went along are drawn, and the rest is dimmed.
 */
import { followList } from "./follow_list.js";
import { Lens } from "./lens.js";
import { LensChip } from "./lens_chip.js";
import { onMenu } from "./menu.js";
import { durationText } from "./numbers.js";
import { t } from "./text.js";

/** What still runs is looked at again so often; what has ended, in case more of it comes. */
const EVERY_MS = 2000, ENDED_EVERY_MS = 10_000;
const TONES = { done: "ok", failed: "fail", ignored: "warn", running: "wait", missing: "ink" };
const SHORT_CHARS = 40;

export function followOperation({ config, state, graph, stage, select, followers, leaves }) {
  const chip = new LensChip({ label: t("Follow"), leave: () => ask("") }), field = document.getElementById("menu-follow-id");
  let asked = "", askedAt = 0, told = null, laid = "", lens = null;

  function ask(follow) {
    const was = Boolean(state.follow);
    state.set({ changed: follow ? "" : state.changed, blast: follow ? "" : state.blast, way: follow ? "" : state.way, follow });
    look();
    return was;
  }

  async function fetchTold(key) {
    [asked, askedAt] = [key, performance.now()];
    let answer = { why: t("The server does not answer.") };
    try {
      answer = await (await fetch(`${config.follows[state.view]}?${new URLSearchParams({ id: state.follow })}`)).json();
    } catch {
      if (told) return;
    }
    if (asked === key) [told, laid] = [{ hops: [], lines: [], newest: [], ...answer }, ""];
  }

  function lay() {
    const badges = new Map();
    for (const [at, { id, status, ran_ms }] of told.hops.entries()) {
      const before = badges.get(id), took = ran_ms === null ? "" : ` · ${durationText(ran_ms)}`;
      const text = before ? `${before.first} × ${before.count + 1}` : `${at + 1}${took}`;
      badges.set(id, { text, tone: before?.tone === "fail" ? "fail" : TONES[status], first: before?.first ?? at + 1, count: (before?.count ?? 0) + 1 });
    }
    const lines = told.lines.map(([source, target, status]) => ({ source, target, text: status === "missing" ? t("not seen") : "→", tone: TONES[status] }));
    const ids = [...badges.keys(), ...told.lines.flatMap(([source, target]) => [source, target])];
    lens = stage.scene.lens = new Lens(graph, { ids, badges, lines });
    const { id = state.follow, words, why } = told, name = id.length > SHORT_CHARS ? `${id.slice(0, SHORT_CHARS)}…` : id;
    chip.list.replaceChildren(...followList(told));
    chip.show({ name, said: why ?? words, listed: told.hops.length + told.newest.length > 0 });
    stage.redraw();
  }

  function look() {
    if (!state.follow) return void (asked && clear());
    if (!graph.view || graph.view !== state.view) return;
    const key = `${state.view} ${state.follow}`, runs = told?.hops.some(({ status }) => status === "running");
    if (key !== asked) told = null;
    if (key !== asked || performance.now() - askedAt > (runs ? EVERY_MS : ENDED_EVERY_MS)) fetchTold(key);
    const now = `${key} ${askedAt} ${graph.hub} ${graph.nodes.size} ${graph.edges.size}`;
    if (!told || laid === now) return;
    laid = now;
    lay();
  }

  function clear() {
    [asked, told, laid] = ["", null, ""];
    if (stage.scene.lens === lens) stage.scene.lens = null;
    chip.hide();
    stage.redraw();
  }

  document.getElementById("menu-follow").addEventListener("submit", (event) => event.preventDefault());
  onMenu("menu-follow-go", () => field.value.trim() && ask(field.value.trim()));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-follow]"), hop = chip.list.contains(event.target) && event.target.closest("[data-node]");
    if (!(link || hop) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (link) ask(link.dataset.follow);
    else select(hop.dataset.node, { near: true });
  });
  leaves.push(() => ask(""));
  followers.push(look);
}

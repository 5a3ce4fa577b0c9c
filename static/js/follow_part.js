/*
 * FollowPart (a part): one request followed through apps and streams, ?follow=<any of its ids>: its runs stand out in their
 * order, each with how it ended and how long it took, the lines it went along are drawn, and the rest is dimmed. Beside
 * another, ?follow_beside=<any of its ids>, what both did, and what only one (beside.js).
 */
import { answered } from "./answered.js";
import { besideAsk } from "./beside_ask.js";
import { el } from "./dom.js";
import { FollowAnswer } from "./follow_answer.js";
import { followList } from "./follow_list.js";
import { followLooks } from "./follow_looks.js";
import { HopSteps } from "./hop_steps.js";
import { later } from "./later.js";
import { Lens } from "./lens.js";
import { LensChip } from "./lens_chip.js";
import { onMenu } from "./menu.js";
import { t } from "./text.js";

const SHORT_CHARS = 40, SHORTER_CHARS = 12;
/** A hop that is stepped to is brought into view with so much around it, CSS pixels. */
const MARGIN = 64;

export function followOperation({ config, state, graph, stage, select, followers, leaves }) {
  const chip = new LensChip({ label: t("Follow"), leave: () => ask(""), select }), field = document.getElementById("menu-follow-id");
  const steps = new HopSteps({ onStep: step }), rows = el("div");
  const answer = new FollowAnswer();
  let laid = "", lens = null, beside = null;

  function ask(follow, other = "") {
    compare.open = false;
    state.set({ changed: follow ? "" : state.changed, blast: follow ? "" : state.blast, way: follow ? "" : state.way, follow, follow_beside: other });
    look();
  }

  /** more: what it is held against; {}: the server tells what that may be. */
  const addressOf = (more) => `${config.follows[state.view]}${more ? "/beside" : ""}?${new URLSearchParams({ id: state.follow, ...more })}`;

  function lay() {
    const { told } = answer, items = itemsOf(told), hop = items[steps.at];
    const looks = told.pairs ? beside.besideLooks(told, steps.at) : followLooks(told, steps.at), { badges, lines } = looks;
    const ids = [...badges.keys(), ...lines.flatMap(({ source, target }) => [source, target])];
    lens = stage.scene.lens = new Lens(graph, { ids, badges, lines });
    const { id = state.follow, words, why } = told, name = told.pairs ? t("A {a}, B {b}", { a: short(told.a.id, SHORTER_CHARS), b: short(told.b.id, SHORTER_CHARS) }) : short(id);
    const stepped = hop && t("{at} of {count}: {name}, {words}", { at: steps.at + 1, count: items.length, name: hop.name, words: hop.words });
    rows.replaceChildren(...(told.pairs ? beside.besideList(told) : state.follow_beside ? [] : followList(told)));
    rows.querySelectorAll(".hop")[steps.at]?.setAttribute("aria-current", "step");
    compare.hidden = !told.pairs && !told.hops.length && !state.follow_beside;
    chip.show({ name, said: why ?? stepped ?? words, legend: looks.legend, listed: items.length + told.newest.length > 0 || Boolean(state.follow_beside) });
    stage.redraw();
  }

  function step(at) {
    const box = graph.nodes.get(itemsOf(answer.told)[at].id)?.box;
    if (box) stage.viewport.reveal(box, MARGIN);
    stage.pan(0, 0);
    lay();
    rows.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  function look() {
    if (!state.follow) return void (laid && clear());
    if (!graph.view || graph.view !== state.view) return;
    answer.look(addressOf(state.follow_beside && { beside: state.follow_beside }), async () => { if (state.follow_beside) beside = await later("./beside.js"); });
    const { told, news } = answer, now = [news, graph.hub, graph.nodes.size, graph.edges.size].join(" ");
    if (laid === now) return;
    laid = now;
    steps.set(told ? itemsOf(told).length : 0);
    if (told) lay();
  }

  function clear() {
    laid = "";
    answer.forget();
    if (stage.scene.lens === lens) stage.scene.lens = null;
    steps.set(0);
    chip.hide();
    stage.redraw();
  }

  const compare = besideAsk({ offers: () => answered(addressOf({})), href: (id) => `?${new URLSearchParams({ follow: state.follow, follow_beside: id })}`, ask: (id) => ask(state.follow, id) });
  chip.list.append(rows, compare);
  chip.tools.append(steps.element);
  document.getElementById("menu-follow").addEventListener("submit", (event) => event.preventDefault());
  onMenu("menu-follow-go", () => field.value.trim() && ask(field.value.trim()));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-follow]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    ask(link.dataset.follow);
  });
  leaves.add(() => state.follow && `${state.follow} ${state.follow_beside}`, () => ask(state.follow_beside && state.follow));
  followers.push(look);
}

const itemsOf = ({ pairs, hops }) => pairs ?? hops;

function short(id, chars = SHORT_CHARS) {
  return id.length > chars ? `${id.slice(0, chars)}…` : id;
}

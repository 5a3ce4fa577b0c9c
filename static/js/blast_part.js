/*
 * BlastPart (a part): takes a node, a stream or a host for down, ?blast=<id>&way=: what suffers stands out with a badge that
 * says when, the rest is dimmed, and the same is a list in the panel. Turned around: what could be the cause.
 */
import { answered } from "./answered.js";
import { blastList, WHENS } from "./blast_list.js";
import { Lens } from "./lens.js";
import { LensChip } from "./lens_chip.js";
import { t } from "./text.js";

/** Shares and rates change slowly. */
const EVERY_MS = 10_000;
const START = { suffers: { text: t("down"), tone: "ink" }, causes: { text: t("suffers"), tone: "ink" } };

export function blastRadius({ config, state, graph, stage, select, keys, followers, leaves }) {
  const chip = new LensChip({ label: t("Blast radius"), leave: () => ask(""), select }), content = document.getElementById("panel-content");
  let asked = "", askedAt = 0, told = null, laid = "", lens = null;
  const wayNow = () => (state.way === "causes" ? "causes" : "suffers");

  function ask(blast, way = "suffers") {
    state.set({ changed: blast ? "" : state.changed, blast, way: blast && way === "causes" ? way : "" });
    follow();
  }

  async function fetchTold(key) {
    [asked, askedAt] = [key, performance.now()];
    const query = new URLSearchParams({ of: state.blast, way: wayNow() });
    const answer = await answered(`${config.blasts[state.view]}?${query}`);
    if (asked === key && !(told && answer.isAway)) [told, laid] = [{ impacts: [], starts: [], ...answer }, ""];
  }

  function lay() {
    const { impacts, starts } = told, way = wayNow(), start = START[way];
    const badges = new Map(impacts.map(({ id, when }) => [id, WHENS[when]]));
    for (const id of starts) badges.set(id, start);
    lens = stage.scene.lens = new Lens(graph, { ids: badges.keys(), badges });
    stage.redraw();
  }

  /** In the panel of what is down; elsewhere in the chip. */
  function list() {
    const { name = state.blast, words, why, impacts } = told, way = wayNow(), inPanel = content.querySelector("#blast-list");
    const isHere = inPanel && state.node === state.blast, place = isHere ? inPanel : chip.list;
    if (place.dataset.told !== laid || !place.childElementCount) {
      place.replaceChildren(...blastList(graph, { impacts }, way));
      place.dataset.told = laid;
    }
    const legend = why ? [] : [{ ...START[way], words: "" }, ...Object.values(WHENS).map((looks) => ({ ...looks, words: "" }))];
    chip.show({ name, said: why ?? words, legend, listed: !isHere && !why });
  }

  function follow() {
    for (const button of content.querySelectorAll("[data-blast]")) {
      button.setAttribute("aria-pressed", String(state.blast === state.node && button.dataset.blast === wayNow()));
    }
    if (!state.blast) return void (asked && leave());
    const key = `${state.view} ${state.blast} ${state.way}`;
    if (!graph.view || graph.view !== state.view) return;
    if (key !== asked) told = null;
    if (key !== asked || (!document.hidden && performance.now() - askedAt > EVERY_MS)) fetchTold(key);
    if (!told) return;
    const now = `${key} ${askedAt} ${graph.hub} ${graph.nodes.size} ${graph.edges.size}`;
    if (laid !== now) {
      laid = now;
      lay();
    }
    list();
  }

  function leave() {
    [asked, told, laid] = ["", null, ""];
    content.querySelector("#blast-list")?.replaceChildren();
    // Another part may have laid its own.
    if (stage.scene.lens === lens) stage.scene.lens = null;
    chip.hide();
    stage.redraw();
  }

  keys.b = () => {
    if (state.blast && state.blast === state.node) ask(state.way ? "" : state.blast, "causes");
    else ask(state.node);
  };
  content.addEventListener("click", ({ target }) => {
    const way = target.closest("[data-blast]")?.dataset.blast;
    if (way) ask(state.blast === state.node && way === wayNow() ? "" : state.node, way);
  });
  leaves.add(() => state.blast && `${state.blast} ${wayNow()}`, () => ask(""));
  followers.push(follow);
}

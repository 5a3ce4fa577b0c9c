/*
 * ChangedPart (a part): marks what is new, gone or otherwise between two versions of the topology, ?changed=<from>..<to>,
 * and dims the rest. What is gone stands in dashes under the graph.
 */
import { answered } from "./answered.js";
import { Lens } from "./lens.js";
import { LensChip } from "./lens_chip.js";
import { t } from "./text.js";

const LOOKS = {
  added: { sign: "+", text: `+ ${t("new")}`, words: t("added"), tone: "ok" },
  removed: { sign: "−", text: `− ${t("gone")}`, words: t("removed"), tone: "fail" },
  changed: { sign: "~", text: `~ ${t("changed")}`, words: t("changed"), tone: "warn" },
};
const NOTHING = { nodes: {}, edges: [], gone: [] };

export function markChanges({ config, state, graph, stage, rebuild, followers, leaves }) {
  const chip = new LensChip({ label: t("Changes"), leave });
  let asked = "", told = null, laid = "", lens = null;

  function leave() {
    state.set({ changed: "" });
    clear();
  }

  function clear() {
    asked = laid = "";
    // Another part may have laid its own.
    if (stage.scene.lens === lens) stage.scene.lens = null;
    chip.hide();
    rebuild();
  }

  async function ask(key) {
    [asked, told, laid] = [key, null, ""];
    const [from = "", to = ""] = state.changed.split(".."), query = new URLSearchParams({ from, to, view: state.view });
    const answer = { ...NOTHING, ...(await answered(`${config.marks}?${query}`)) };
    if (asked === key) told = answer;
  }

  function lay() {
    const { nodes, edges, gone, before = state.changed, after = "", words, why, href = "" } = told;
    const badges = new Map(Object.entries(nodes).map(([id, how]) => [id, LOOKS[how]]));
    const lines = edges.map(([source, target, how]) => ({ source, target, ...LOOKS[how] }));
    const ghosts = gone.filter(({ id }) => !graph.nodes.has(id)).map((one) => ({ ...one, ...LOOKS.removed }));
    const ids = [...badges.keys(), ...edges.flatMap(([source, target]) => [source, target])];
    stage.scene.lens = null;
    lens = stage.scene.lens = new Lens(graph, { ids, badges, lines, ghosts, below: stage.scene.bounds() });
    // Other changes came since: what was new then may have another name now.
    const drawn = new Set([...graph.nodes.keys(), ...ghosts.map(({ id }) => id)]), nowhere = [...badges.keys()].filter((id) => !drawn.has(id)).length;
    const lost = nowhere + lines.length - lens.lines.length, left = lost ? `, ${t("{count} of them not drawn now", { count: lost })}` : "";
    const legend = Object.values(LOOKS).map((look) => ({ ...look, text: look.sign }));
    chip.show({ name: after ? `${before} → ${after}` : before, said: why ?? words + left, legend: why ? [] : legend, href });
    rebuild();
  }

  followers.push(() => {
    const key = state.changed && graph.view && `${graph.view} ${state.changed}`;
    if (!state.changed && asked) clear();
    if (!key) return;
    if (key !== asked) ask(key);
    // Other nodes: ghosts may stand elsewhere, or not be gone any more.
    const now = `${graph.hub} ${graph.nodes.size} ${graph.edges.size}`;
    if (!told || laid === now) return;
    laid = now;
    lay();
  });
  leaves.add(() => state.changed, leave);
}

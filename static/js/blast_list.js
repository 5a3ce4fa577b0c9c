/* BlastList: who suffers and how, as a list: the same nodes that stand out on the canvas. */
import { el } from "./dom.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

/** when → its badge on the canvas, and its heading by way. */
export const WHENS = {
  now: { text: t("now"), tone: "fail", suffers: t("Suffers now"), causes: t("Would be felt at once") },
  later: { text: t("later"), tone: "wait", suffers: t("Suffers later"), causes: t("Would be felt later") },
};
const NOTHING = {
  suffers: t("Nothing waits for it, and nothing is fed by it: as far as is known, nobody suffers."),
  causes: t("It waits for nothing and is fed by nothing: the cause is in itself."),
};

/** told: what the server answers (interfaces/blast.py); only what is drawn is listed. */
export function blastList(graph, { impacts }, way) {
  const drawn = impacts.filter(({ id }) => graph.nodes.has(id)), lists = Object.entries(WHENS).flatMap(([when, looks]) => {
    const rows = drawn.filter((impact) => impact.when === when);
    return rows.length ? [el("h4", {}, el("b", { class: `lens-badge ${looks.tone}` }, looks.text), `${looks[way]} (${rows.length})`), el("ul", {}, ...rows.map(row))] : [];
  });
  return lists.length ? lists : [el("p", {}, NOTHING[way])];
}

function row({ id, name, app, words, href }) {
  return el("li", {}, el("a", { href, "data-node": id, title: plain(app) }, plain(name)), el("small", {}, plain(words)));
}

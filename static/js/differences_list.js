/* DifferencesList: what clearly behaves otherwise than a day or a week earlier, the worst first, with the numbers of both. */
import { el } from "./dom.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";
import { momentText } from "./time_range.js";

/** Way → its badge (visualizer/models/behaviour_difference.py). */
const WAYS = {
  fails_more: [t("fails more"), "fail"],
  slower: [t("slower"), "fail"],
  fewer_runs: [t("fewer runs"), "ink"],
  more_runs: [t("more runs"), "ink"],
  new: [t("new"), "ink"],
  fails_less: [t("fails less"), "ok"],
  faster: [t("faster"), "ok"],
};

/** What stands on a node: all of its ways in the tone of the worst. */
export const badgeOf = ({ ways }) => ({ text: ways.map((way) => WAYS[way][0]).join(", "), tone: WAYS[ways[0]][1] });

/** told: what the server answers (interfaces/behaviour_differences.py); what is not drawn is not listed. */
export function differencesList(graph, { rows, gone, changes }) {
  const drawn = rows.filter(({ id, is_app: isApp }) => (isApp ? graph.apps : graph.nodes).has(id));
  return [
    el("ul", { class: "differences" }, ...drawn.map((row) => item(graph, row))),
    ...(gone ? [el("p", {}, t("Gone since then: {count}", { count: gone }))] : []),
    el("p", {}, el("a", { href: changes }, t("What else changed since then"))),
  ];
}

function item(graph, row) {
  const { id, app, href, words, since_s: sinceS, is_app: isApp } = row, { text, tone } = badgeOf(row);
  const name = isApp ? el("bdi", {}, plain(id)) : el("a", { href, "data-node": id }, plain(graph.nodes.get(id).name));
  const told = [isApp ? t("the whole app") : app, sinceS ? t("new since {time}", { time: momentText(sinceS) }) : "", words].filter(Boolean);
  return el("li", {}, el("p", {}, el("b", { class: `lens-badge ${tone}` }, text), " ", name), el("small", {}, plain(told.join(" · "))));
}

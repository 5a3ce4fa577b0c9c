/* SavedPanel: what a file knows of a node or a line at the time that is shown; the server's panel tells more. */
import { el, icon, mark } from "../dom.js";
import { haltWords } from "../halt_words.js";
import { KIND_WORDS, WORDS, shapeOf } from "../icons.js";
import { clockText, durationText, failedShare, percentText, rateText, shortNumber } from "../numbers.js";
import { t, tn } from "../text.js";
import { plain } from "../text_fit.js";

/** More would not be read. */
const MOST_NEIGHBOURS = 100;

/** Fill the panel with {id} or {source, target} of a graph. members: of the incident (moments.js). */
export function fillPanel(panel, { id, source, target }, graph, members) {
  const node = graph.nodes.get(id), ends = [source, target].map((end) => graph.nodes.get(end));
  if (node) panel.replaceChildren(...ofNode(node, graph, members), note());
  else if (ends.every(Boolean)) panel.replaceChildren(...ofLine(ends, graph, members), note());
  else panel.replaceChildren(el("p", { class: "dim" }, t("It was not there at this time.")), note());
}

function ofNode(node, graph, members) {
  const { stats, app } = node, shape = shapeOf(node), kind = [graph.apps.get(app)?.name ?? app, KIND_WORDS[shape], node.queue].filter(Boolean).map(plain).join(" · ");
  return [
    head(stats.state, icon(shape in KIND_WORDS && shape !== "request" ? shape : "http", 20), plain(node.name), node.declared ? kind : `${kind} · ${t("undeclared")}`),
    el("div", { class: `verdict ${stats.state}` }, mark(stats.state, { size: 16 }), el("div", {}, el("b", {}, WORDS[stats.state]), el("p", {}, verdict(stats)))),
    ...wrong(members.filter(({ subject }) => subject === node.id || subject === `app:${app}`)),
    numbers(stats, shape === "stream"),
    neighbours(node, graph),
  ];
}

function ofLine([source, target], graph, members) {
  const edges = [...graph.edges.values()].filter((edge) => edge.source === source.id && edge.target === target.id), rate = edges.find((edge) => edge.rate !== null)?.rate, wait = edges.find((edge) => edge.wait !== null)?.wait;
  const words = [...new Set(edges.flatMap(({ label, declared }) => [label && plain(label), !declared && t("undeclared")]))].filter(Boolean);
  return [
    head(rate ? "ok" : "idle", icon("chevron", 20), `${plain(source.name)} → ${plain(target.name)}`, words.join(" · ")),
    ...wrong(members.filter(({ subject }) => subject === `${source.id} > ${target.id}`)),
    figures("kpi three", [[t("Rate"), rateText(rate)], [t("Failed"), target.stats.failed ? percentText(failedShare(target.stats)) : "–"], [t("Wait p95"), durationText(wait)]]),
    section(t("Ends"), [source, target].map((end) => link(end, ""))),
  ];
}

const head = (state, picture, name, words) => el("header", { class: "p-head" }, el("span", { class: `tile-h ${state}` }, picture), el("div", {}, el("h2", {}, name), el("p", {}, words)));

function verdict(stats) {
  const { started, done, failed, ignored, last } = stats, ended = done + failed + ignored, halt = haltWords(stats);
  if (halt) return halt;
  if (stats.state === "idle" && !last) return t("Nothing ran in the minute before.");
  const runs = tn("{count} run in the minute before", "{count} runs in the minute before", Math.max(started, ended));
  return failed ? `${runs}, ${t("{share} failed", { share: percentText(failedShare(stats)) })}.` : `${runs}.`;
}

/** What the incident says of it. */
const wrong = (members) => members.map(({ words, since_s: since, until_s: until }) => el("div", { class: "verdict warn" }, mark("warn", { size: 16 }), el("div", {},
  el("b", {}, t("Part of the incident")), el("p", {}, `${clockText(since)} – ${until ? clockText(until) : t("still")}: ${plain(words)}`))));

function numbers(stats, isStream) {
  const share = stats.done + stats.failed + stats.ignored ? percentText(failedShare(stats)) : "–";
  return figures("kpi", isStream ? [[t("Rate"), rateText(stats.rate)], [t("Read"), shortNumber(stats.started)], [t("Wait p95"), durationText(stats.wait)]] : [
    [t("Rate"), rateText(stats.rate)], [t("Failed"), share], ["p95", durationText(stats.p95)], [t("Started"), shortNumber(stats.started)],
    [t("Done"), shortNumber(stats.done)], [t("Failed"), shortNumber(stats.failed)], ["p50", durationText(stats.p50)], ["p99", durationText(stats.p99)],
  ]);
}

const figures = (name, rows) => el("dl", { class: name }, ...rows.map(([word, value]) => el("div", {}, el("dt", {}, word), el("dd", {}, value))));

const section = (title, rows) => el("section", { class: "sec" }, el("header", {}, el("h3", {}, title)), ...(rows.length ? rows : [el("p", { class: "none" }, t("None."))]));

function neighbours({ id }, graph) {
  const near = [...graph.edges.values()].filter(({ source, target }) => source === id || target === id);
  const ends = new Map(near.map(({ source, target }) => (source === id ? [target, t("to")] : [source, t("from")])));
  const rows = [...ends].filter(([end]) => graph.nodes.has(end)).map(([end, way]) => link(graph.nodes.get(end), way)), more = rows.length - MOST_NEIGHBOURS;
  return section(t("Neighbours"), more > 0 ? [...rows.slice(0, MOST_NEIGHBOURS), el("p", { class: "none" }, t("and {count} more", { count: more }))] : rows);
}

function link(node, way) {
  const shape = shapeOf(node), picture = shape === "request" ? mark(node.stats.state, { size: 16 }) : icon(shape);
  return el("div", { class: "nb" }, el("a", { class: "nb-node", href: "#", "data-node": node.id }, el("small", {}, way), picture, el("span", { class: "n" }, plain(node.name)), el("span", { class: "num" }, rateText(node.stats.rate))));
}

const note = () => el("p", { class: "p-note" }, t("From a saved moment: charts, runs, lines and settings are not in the file."));

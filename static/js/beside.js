/*
 * Beside: two requests held against each other (interfaces/follow_beside.py): what lies over the graph, and the table of their
 * hops. A is the one that is followed, B the other. Which of them went where, the style of a line says and a letter on it.
 */
import { el } from "./dom.js";
import { WORDS, badgesOf } from "./follow_looks.js";
import { durationText, percentText } from "./numbers.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

/** in → how it looks; dash: of its lines. */
const LOOKS = {
  both: { text: "A B", tone: "ok", dash: [], words: t("both") },
  a: { text: "A", tone: "ink", dash: [10, 5], words: t("only A") },
  b: { text: "B", tone: "wait", dash: [2, 5], words: t("only B") },
};
/** Less is no difference, ms. */
const NOTHING_MS = 0.5;

/** {badges, lines, legend} over the graph; step: the pair somebody looks at, -1 for none. */
export function besideLooks({ pairs, lines }, step) {
  const said = pairs.map((pair, at) => {
    const { a, b, id } = pair, looks = LOOKS[pair.in], more = moreOf(pair), failed = [a, b].some((side) => side?.status === "failed");
    return { id, tone: failed ? "fail" : looks.tone, text: `${at + 1} · ${Math.abs(more) < NOTHING_MS ? looks.text : `${looks.text} ${signed(more)}`}` };
  });
  return {
    badges: badgesOf(said, step),
    lines: lines.map(([source, target, who]) => ({ source, target, ...LOOKS[who] })),
    legend: Object.entries(LOOKS).map(([line, { text, tone, words }]) => ({ line, text, tone, words })),
  };
}

/** What stands in the list: where they part, the hops of both with what differs, and what is not known. */
export function besideList({ a, b, pairs, partings, unknowns, more_ms: more }) {
  const heads = ["", t("A"), t("B"), t("B − A"), t("of the difference")].map((text) => el("th", { scope: "col" }, text));
  return [
    el("dl", { class: "beside-sides" }, ...[["A", a], ["B", b]].flatMap(([name, side]) => [el("dt", {}, name), el("dd", {}, el("bdi", {}, plain(side.id)), el("small", {}, ` ${plain(side.words)}`))])),
    el("ul", { class: "beside-partings", "aria-label": t("Where they part") }, ...partings.map((words) => el("li", {}, plain(words)))),
    el("table", { class: "beside" }, el("caption", { class: "unseen" }, t("The hops of both")), el("thead", {}, el("tr", {}, ...heads)), ...pairs.map((pair, at) => bodyOf(pair, at, more))),
    ...unknowns.map((words) => el("p", {}, plain(words))),
  ];
}

function bodyOf({ id, name, app, stream, in: who, depth, a, b, words, href, ...numbers }, at, more) {
  const { text, tone, words: where } = LOOKS[who], from = stream ? t("from {stream}", { stream: plain(stream) }) : "", failed = [a, b].some((side) => side?.status === "failed");
  const ended = who === "both" && a.status === b.status ? WORDS[a.status] : [["A", a], ["B", b]].filter(([, side]) => side).map(([side, { status }]) => `${side} ${WORDS[status]}`).join(", ");
  const causes = [["A", a], ["B", b]].filter(([, side]) => side?.status === "failed").map(([side, { words: said }]) => el("small", { class: "cause" }, `${side}: ${plain(said)}`));
  const body = el("tbody", { class: "hop" },
    el("tr", {}, el("th", { scope: "rowgroup", colspan: 5 },
      el("b", { class: `lens-badge ${failed ? "fail" : tone}`, title: where }, `${at + 1} ${text}`), " ", el("a", { href, "data-node": id }, plain(name)),
      el("small", {}, [plain(app), from, ended].filter(Boolean).join(" · ")), ...causes)),
    rowOf(t("waited"), a?.waited_ms, b?.waited_ms, numbers.of_waited_ms, more), rowOf(t("ran"), a?.ran_ms, b?.ran_ms, numbers.of_ran_ms, more));
  body.style.setProperty("--depth", String(Math.min(depth, 6)));
  return body;
}

function rowOf(what, a, b, part, more) {
  const isKnown = (ms) => ms !== null && ms !== undefined, both = isKnown(a) && isKnown(b);
  if (!isKnown(a) && !isKnown(b)) return null;
  const share = Math.abs(more) < NOTHING_MS ? 0 : part / more, counts = Math.abs(share) >= 0.005;
  const bar = el("td", { class: "share" }, counts ? percentText(share).replace("-", "−") : "");
  if (counts) bar.style.setProperty("--long", `${Math.max(0, Math.min(100, 100 * share))}%`);
  return el("tr", {}, el("th", { scope: "row" }, what), ...[durationText(a), durationText(b), both ? signed(b - a) : "–"].map((text) => el("td", {}, text)), bar);
}

function moreOf({ ran_more_ms: ran, waited_more_ms: waited }) {
  return (ran ?? 0) + (waited ?? 0);
}

function signed(ms) {
  return Math.abs(ms) < NOTHING_MS ? "=" : `${ms > 0 ? "+" : "−"}${durationText(Math.abs(ms))}`;
}

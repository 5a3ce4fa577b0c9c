/* TimeMarks: what happened, as buttons in the time bar, and the card that tells of those that somebody asks for. */
import { cross, el, svg } from "./dom.js";
import { agoText, clockText } from "./numbers.js";
import { t, tn } from "./text.js";
import { plain } from "./text_fit.js";
import { momentText } from "./time_range.js";

/** Marks nearer to each other than this share of the bar are one button. */
const NEAR = 1 / 60;
/** What a change did is seen when the minute before is after it. */
const AFTER_S = 60;
/** Kind → its shape, its tone, what it is called; of several the first of these is shown. */
const KINDS = {
  incident: { d: "M0-6.5 7 6H-7Z", tone: "incident", words: t("incident") },
  loop: { d: "M1.5-7-5 1h4L-1.5 7 5-1H1Z", tone: "incident", words: t("crash loop") },
  deploy: { d: "M0-6 6 0 0 6-6 0Z", tone: "ink", words: t("deploy") },
  restart: { d: "M0-6a6 6 0 1 0 6 6H3.5A3.5 3.5 0 1 1 0-3.5V-1l4.5-3.7L0-8Z", tone: "ink", words: t("restart") },
  scaled: { d: "M-6 5V1h3v4ZM-1.5 5V-2h3v7ZM3 5V-6h3V5Z", tone: "ink", words: t("scaled") },
  config: { d: "M-5-5H5V5H-5Z", tone: "ink", words: t("config") },
  seen: { d: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0", tone: "idle", words: t("seen") },
};

/** The buttons of a range; onOpen(marks, button). */
export function markButtons({ from_s: fromS, until_s: untilS, marks }, onOpen) {
  const share = (atS) => Math.min(1, Math.max(0, (atS - fromS) / (untilS - fromS)));
  const spans = marks.filter(({ kind }) => kind === "incident").map((mark) => placed(el("i", { class: `span ${mark.severity}` }), share(mark.at_s), share(mark.until_s || untilS)));
  return [...spans, ...grouped(marks, share).map((group) => {
    const [first] = Object.keys(KINDS).flatMap((name) => group.filter((mark) => mark.kind === name)), { d, tone } = KINDS[first.kind];
    const picture = svg("svg", { class: `mark ${tone} ${first.severity}`, viewBox: "-8 -8 16 16", width: 14, height: 14, "aria-hidden": "true" }, svg("path", { d }));
    const name = group.length === 1 ? markText(group[0]) : tn("{count} change", "{count} changes", group.length) + `: ${group.map(markText).join("; ")}`;
    const button = placed(el("button", { type: "button", "aria-label": name, title: name }, picture, group.length > 1 && el("b", {}, String(group.length))), share(group[0].at_s));
    button.addEventListener("click", () => onOpen(group, button));
    return button;
  })];
}

/** The card's content. numbers: mark → what the server tells of before and after, null while it is asked. close(): close it. goTo(unixS, {node} or {edge} to select): the graph as it was. */
export function markCard(marks, numbers, { close, goTo }) {
  return [
    el("button", { type: "button", class: "x", "aria-label": t("Close"), title: t("Close (Esc)"), onclick: close }, cross()),
    el("ul", {}, ...markRows(marks, goTo, numbers)),
  ];
}

/** The same as rows of any list. numbers: null where they are left out. */
export function markRows(marks, goTo, numbers = null) {
  return marks.map((mark) => el("li", {},
    el("p", {}, el("b", {}, KINDS[mark.kind]?.words ?? mark.kind), " ", el("time", {}, timeText(mark))),
    el("p", {}, mark.href ? el("a", { href: mark.href }, plain(mark.words)) : plain(mark.words)),
    ...(mark.numbers && numbers ? table(numbers.get(mark)) : []),
    el("button", { type: "button", class: "ctl", onclick: () => goTo(momentOf(mark), mark.select) }, t("The graph then"))));
}

/** The time whose graph shows what happened, unix seconds. */
export const momentOf = ({ kind, at_s: atS }) => Math.floor(atS) + (kind === "incident" ? 1 : AFTER_S);

function table(told) {
  if (!told) return [el("p", { class: "dim" }, t("asking …"))];
  if (told.why) return [el("p", { class: "dim" }, told.why)];
  const minutes = told.window_s / 60, sides = [[t("{count} min before", { count: minutes }), "before"], [t("{count} min after", { count: minutes }), "after"]];
  return told.apps.map(({ words, worse, ...side }) => el("table", {},
    el("caption", {}, plain(words), " ", worse && el("b", { class: "t-fail" }, worse)),
    el("tr", {}, ...["", t("Runs"), t("Failed"), "p95"].map((text) => el("th", { scope: "col" }, text))),
    ...sides.map(([name, key]) => el("tr", {}, el("th", { scope: "row" }, name), ...["runs", "failed", "p95"].map((what) => el("td", {}, side[key][what] || "–"))))));
}

/** What is said when its time is passed; over: that of its end. */
export const happening = (mark, over) => (over ? t("{time} over: {words}", { time: momentText(mark.until_s), words: plain(mark.words) }) : markText(mark));

const markText = (mark) => `${momentText(mark.at_s)} ${KINDS[mark.kind]?.words ?? mark.kind}: ${plain(mark.words)}`;

function timeText({ kind, at_s: atS, until_s: untilS }) {
  if (kind !== "incident") return momentText(atS);
  return untilS ? `${momentText(atS)} – ${clockText(untilS)}, ${agoText(untilS - atS)}` : t("since {time}, still open", { time: momentText(atS) });
}

/** Marks in order, those that would touch together. */
function grouped(marks, share) {
  const groups = [];
  for (const mark of marks) {
    const last = groups.at(-1);
    if (last && share(mark.at_s) - share(last[0].at_s) < NEAR) last.push(mark);
    else groups.push([mark]);
  }
  return groups;
}

function placed(element, from, until = from) {
  element.style.setProperty("--from", String(from));
  element.style.setProperty("--until", String(until));
  return element;
}

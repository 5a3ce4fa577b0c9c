/* FindComplete: what may come next in the find box. Data only. */
import { FLAGS, NUMBERS, STATES, TEXTS } from "./find_fields.js";
import { isFuzzy } from "./find_match.js";
import { WAYS } from "./find_parser.js";
import { findWords } from "./find_words.js";
import { t } from "./text.js";

const MOST = 8;
const PLAIN = /^[^\s"=~><:!(),]+$/;
const NUMBER_HINTS = { ms: "200ms, 5s, 2m", "%": "1%", "/s": "10/s", "": "20" };
const FIELD_HINTS = {
  name: t("name of a node"), app: t("app it belongs to"), kind: "http, consumer, service, stream", state: STATES.join(", "), stream: t("reads or writes it"),
  queue: t("queue of a stream"), host: t("base URL of its host"), type: "GET, POST, STREAM, SERVICE", err: t("share that fails"), wait: t("time in the stream, p95"), rate: t("runs a second"),
};

/**
 * [{text, hint, from, to}]: put `text` in place of from … to. graph: for names.
 */
export function findComplete(text, caret, graph) {
  const words = findWords(text.slice(0, caret)), last = words.at(-1), typing = last && last.kind !== "op" && last.kind !== "mark" && last.end === caret;
  const before = words.slice(0, typing ? -1 : undefined), from = typing ? last.at : caret, typed = typing ? last.text.toLowerCase() : "";
  const rank = ({ text: said }) => [true, said.toLowerCase().includes(typed), said.toLowerCase().startsWith(typed)].lastIndexOf(true);
  const fits = (all) => all.filter(({ text: said }) => isFuzzy(typed, said) && said.toLowerCase() !== typed).sort((a, b) => rank(b) - rank(a)).slice(0, MOST);
  return fits(candidates(before, graph)).map(({ text: said, hint, glue = " " }) => ({ text: said + glue, hint, from, to: caret }));
}

function candidates(before, graph) {
  const op = before.at(-1), field = before.at(-2)?.text.toLowerCase();
  const listed = before.findLastIndex(({ text, kind }) => kind === "mark" && text === "(");
  const opener = listed > 0 && !before.slice(listed).some(({ text }) => text === ")") ? before[listed - 1].text.toLowerCase() : "";
  if (WAYS.includes(opener)) return names(graph);
  if (opener === "in") return values(before[listed - 2]?.text.toLowerCase(), graph);
  if (op?.kind === "op") return values(field, graph);
  const after = op && (op.kind === "word" || op.kind === "quoted" || op.text === ")") && !["and", "or", "not"].includes(op.text.toLowerCase());
  return [...(after ? [{ text: "and", hint: "both" }, { text: "or", hint: "either" }] : []), ...beginnings(graph)];
}

/** What an expression may begin with. */
function beginnings(graph) {
  const fields = [...Object.keys(TEXTS), ...Object.keys(NUMBERS)].map((name) => ({ text: name, hint: FIELD_HINTS[name] ?? t("a number"), glue: name in NUMBERS ? ">" : "=" }));
  const flags = Object.keys(FLAGS).map((text) => ({ text, hint: t("is so") })), ways = WAYS.map((text) => ({ text, hint: t("everything that way"), glue: "(" }));
  return [...fields, ...flags, ...ways, ...names(graph)];
}

function values(field, graph) {
  if (field in NUMBERS) return NUMBER_HINTS[NUMBERS[field].unit].split(", ").map((text) => ({ text, hint: t("a number") }));
  if (field === "state") return STATES.map((text) => ({ text, hint: "" }));
  if (!Object.hasOwn(TEXTS, field ?? "")) return [];
  const found = new Set();
  for (const node of graph.nodes.values()) if (node.kind !== "request") for (const text of TEXTS[field]({ node, graph, near: () => ({ edges: [], others: [] }) })) if (text) found.add(text);
  return [...found].sort().map((text) => ({ text: quoted(text), hint: "" }));
}

function names(graph) {
  const found = new Set([...graph.nodes.values()].filter(({ kind }) => kind !== "request").map(({ name }) => name));
  return [...found].sort().map((name) => ({ text: quoted(name), hint: "a node" }));
}

function quoted(text) {
  return PLAIN.test(text) ? text : `"${text.replaceAll('"', "")}"`;
}

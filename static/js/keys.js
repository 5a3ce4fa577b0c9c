/*
 * Keys: every key the page listens to, in the groups in which the dialog of keys shows them. Who adds a key to the page adds
 * a row here: tests/browser/test_keys.py compares this list with what is listened to.
 *
 * A group is {words, place, rows}. place: where its keys work, "page" for everywhere but in fields. A row is {keys, words},
 * with caps where something else is written on them. A key is KeyboardEvent.key, with "Ctrl " before it where Ctrl or ⌘ is
 * held.
 */
import { t } from "./text.js";

export const KEYS = [
  { words: t("Find and look"), place: "page", rows: [
    { keys: ["/", "Ctrl k"], words: t("Find") },
    { keys: ["h"], words: t("Find, show only, or hide what is found") },
    { keys: ["n", "p"], words: t("Next, previous problem") },
    { keys: ["d"], words: t("Drift: where declared and seen differ; again for all") },
    { keys: ["f"], words: t("Only the selected node and what is near it; again for all") },
    { keys: ["b"], words: t("What suffers when the selected node is down; again: what could be the cause; again: all") },
    { keys: ["+", "=", "-"], words: t("Nearer, further; in focus one hop more, less") },
    { keys: ["0"], words: t("Show everything") },
  ] },
  { words: t("Page"), place: "page", rows: [
    { keys: [" "], words: t("Pause, go on; while the graph is of then: replay, hold") },
    { keys: ["l"], words: t("Numbers on all lines") },
    { keys: ["v"], words: t("Time: runs, failures and what happened; again: close it") },
    { keys: [",", "."], words: t("The graph when something happened before, after") },
    { keys: ["<", ">"], words: t("Replay slower, faster") },
    { keys: ["s"], words: t("Share this moment: a link, or a file") },
    { keys: ["y"], words: t("Compare with yesterday, last week, nothing") },
    { keys: ["g"], words: t("Tidy: place everything afresh, for everybody") },
    { keys: ["Ctrl z"], words: t("Take the last tidying or pin back") },
    { keys: ["t"], words: t("The list beside the graph") },
    { keys: ["k"], words: t("Wall screen: problem after problem, and back") },
    { keys: ["?"], words: t("These keys") },
    { keys: ["Escape"], words: t("Back, one step at a time: what was done last first") },
  ] },
  { words: t("While the graph is of then"), place: "then", rows: [
    { keys: ["ArrowLeft", "ArrowRight"], words: t("A step back, on") },
    { keys: ["Shift ArrowLeft", "Shift ArrowRight"], words: t("Six steps back, on") },
  ] },
  { words: t("On the graph"), place: "graph", rows: [
    { keys: ["ArrowLeft", "ArrowRight"], words: t("Along the connections of the selected node") },
    { keys: ["ArrowUp", "ArrowDown"], words: t("To the nearest node above, below") },
    { keys: ["Shift ArrowLeft", "Shift ArrowUp", "Shift ArrowRight", "Shift ArrowDown"], words: t("Move the selected node, and pin it") },
  ] },
  { words: t("In the list"), place: "tree", rows: [
    { keys: ["ArrowUp", "ArrowDown"], words: t("The row before, after") },
    { keys: ["ArrowLeft", "ArrowRight"], words: t("Fold, unfold an app; along the connections of a node") },
    { keys: ["Home", "End"], words: t("The first, the last row") },
    { keys: ["Enter"], words: t("Open it") },
    { keys: ["Shift"], caps: [t("Letters")], words: t("To a name; Shift begins one with a letter listed above") },
  ] },
  { words: t("In the panel"), place: "panel", rows: [
    { keys: ["Escape"], words: t("Close it, back to where you were") },
  ] },
  { words: t("In the tour"), place: "tour", rows: [
    { keys: ["ArrowRight", "Enter", "ArrowLeft"], words: t("Next, previous stop") },
  ] },
  { words: t("In the find box"), place: "box", rows: [
    { keys: ["Enter", "Shift Enter"], words: t("Next, previous match") },
    { keys: ["ArrowDown", "ArrowUp"], words: t("Choose what may come next") },
    { keys: ["Tab"], words: t("Take it") },
    { keys: ["Escape"], words: t("Clear, then leave") },
  ] },
  { words: t("In a chart"), place: "chart", rows: [
    { keys: ["ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp"], words: t("The value one step before, after") },
    { keys: ["PageDown", "PageUp"], words: t("Ten steps before, after") },
    { keys: ["Home", "End"], words: t("The first, the last") },
  ] },
  { words: t("In the time bar"), place: "time", rows: [
    { keys: ["ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp"], words: t("The step before, after; while the graph is of then, with it") },
    { keys: ["PageDown", "PageUp"], words: t("Ten steps before, after") },
    { keys: ["Home", "End"], words: t("The first, the last") },
    { keys: ["Enter", "Shift Enter"], words: t("The graph as it was then; closer, around that step") },
  ] },
  { words: t("While a request is followed"), place: "follow", rows: [
    { keys: ["ArrowLeft", "ArrowRight"], words: t("The hop before, after; on the graph, or in its list") },
  ] },
  { words: t("At the panel's edge"), place: "edge", rows: [
    { keys: ["ArrowLeft", "ArrowRight"], words: t("Wider, narrower") },
    { keys: ["Home", "End"], words: t("As wide, as narrow as can be") },
  ] },
];

const WORDS = {
  " ": t("Space"), Escape: "Esc", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", "-": "−", PageUp: "Page ↑", PageDown: "Page ↓",
};

/** What is written on a key: "Ctrl k" → ["Ctrl", "K"]. */
export function keyCaps(name) {
  if (name === " ") return [WORDS[name]];
  const caps = name.split(" ");
  return caps.map((cap) => WORDS[cap] ?? (caps.length > 1 && cap.length === 1 ? cap.toUpperCase() : cap));
}

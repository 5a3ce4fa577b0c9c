/*
 * Keys: every key the page listens to, in the groups in which the dialog of keys shows them. Who adds a key to the page adds
 * a row here: tests/browser/test_keys.py compares this list with what is listened to.
 *
 * A group is {words, place, rows}. place: where its keys work, "page" for everywhere but in fields. A row is {keys, words},
 * with caps where something else is written on them. A key is KeyboardEvent.key, with "Ctrl " before it where Ctrl or ⌘ is
 * held.
 */

export const KEYS = [
  { words: "Find and look", place: "page", rows: [
    { keys: ["/", "Ctrl k"], words: "Find" },
    { keys: ["h"], words: "Find, show only, or hide what is found" },
    { keys: ["n", "p"], words: "Next, previous problem" },
    { keys: ["d"], words: "Drift: where declared and seen differ; again for all" },
    { keys: ["f"], words: "Only the selected node and what is near it; again for all" },
    { keys: ["b"], words: "What suffers when the selected node is down; again: what could be the cause; again: all" },
    { keys: ["+", "=", "-"], words: "Nearer, further; in focus one hop more, less" },
    { keys: ["0"], words: "Show everything" },
  ] },
  { words: "Page", place: "page", rows: [
    { keys: [" "], words: "Pause, go on" },
    { keys: ["l"], words: "Numbers on all lines" },
    { keys: ["g"], words: "Tidy: place everything afresh, for everybody" },
    { keys: ["Ctrl z"], words: "Take the last tidying or pin back" },
    { keys: ["t"], words: "The list beside the graph" },
    { keys: ["k"], words: "Wall screen: problem after problem, and back" },
    { keys: ["?"], words: "These keys" },
    { keys: ["Escape"], words: "Back, one step at a time" },
  ] },
  { words: "On the graph", place: "graph", rows: [
    { keys: ["ArrowLeft", "ArrowRight"], words: "Along the connections of the selected node" },
    { keys: ["ArrowUp", "ArrowDown"], words: "To the nearest node above, below" },
    { keys: ["Shift ArrowLeft", "Shift ArrowUp", "Shift ArrowRight", "Shift ArrowDown"], words: "Move the selected node, and pin it" },
  ] },
  { words: "In the list", place: "tree", rows: [
    { keys: ["ArrowUp", "ArrowDown"], words: "The row before, after" },
    { keys: ["ArrowLeft", "ArrowRight"], words: "Fold, unfold an app; along the connections of a node" },
    { keys: ["Home", "End"], words: "The first, the last row" },
    { keys: ["Enter"], words: "Open it" },
    { keys: ["Shift"], caps: ["Letters"], words: "To a name; Shift begins one with a letter listed above" },
  ] },
  { words: "In the panel", place: "panel", rows: [
    { keys: ["Escape"], words: "Close it, back to where you were" },
  ] },
  { words: "In the tour", place: "tour", rows: [
    { keys: ["ArrowRight", "Enter", "ArrowLeft"], words: "Next, previous stop" },
  ] },
  { words: "In the find box", place: "box", rows: [
    { keys: ["Enter", "Shift Enter"], words: "Next, previous match" },
    { keys: ["ArrowDown", "ArrowUp"], words: "Choose what may come next" },
    { keys: ["Tab"], words: "Take it" },
    { keys: ["Escape"], words: "Clear, then leave" },
  ] },
  { words: "In a chart", place: "chart", rows: [
    { keys: ["ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp"], words: "The value one step before, after" },
    { keys: ["PageDown", "PageUp"], words: "Ten steps before, after" },
    { keys: ["Home", "End"], words: "The first, the last" },
  ] },
  { words: "At the panel's edge", place: "edge", rows: [
    { keys: ["ArrowLeft", "ArrowRight"], words: "Wider, narrower" },
    { keys: ["Home", "End"], words: "As wide, as narrow as can be" },
  ] },
];

const WORDS = {
  " ": "Space", Escape: "Esc", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", "-": "−", PageUp: "Page ↑", PageDown: "Page ↓",
};

/** The name under which a pressed key is listed. */
export function keyName({ key, ctrlKey, metaKey }) {
  return ctrlKey || metaKey ? `Ctrl ${key.toLowerCase()}` : key;
}

/** What is written on a key: "Ctrl k" → ["Ctrl", "K"]. */
export function keyCaps(name) {
  if (name === " ") return [WORDS[name]];
  const caps = name.split(" ");
  return caps.map((cap) => WORDS[cap] ?? (caps.length > 1 && cap.length === 1 ? cap.toUpperCase() : cap));
}

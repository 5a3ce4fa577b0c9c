/* Keyboard: what can be done without a mouse. Letters work everywhere but in fields, arrows on the stage; keys.js lists them. */
import { keyName } from "./key_name.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAN_PX = 80;

/**
 * Listen; returns the names of the keys that work on the whole page.
 *
 * does: {escape, pause, fit, zoom(factor), pan(dx, dy), step(dx, dy) → whether there was somewhere to go,
 * find, mode, focus, hops(by) → whether there is a focus, problem(by), more: {key: what the page's parts do}}.
 */
export function listenForKeys(stage, does) {
  const acts = actsOf(does);
  addEventListener("keydown", (event) => {
    const name = keyName(event);
    if (event.altKey || event.defaultPrevented || isElsewhere(event, name)) return;
    // What a part does may be another part's, later.
    const act = does.more[name] ?? acts[name];
    if (act) {
      event.preventDefault();
      act();
    } else if (ARROWS[name] && stage.contains(event.target)) {
      event.preventDefault();
      const [dx, dy] = ARROWS[name];
      if (!does.step(dx, dy)) does.pan(-dx * PAN_PX, -dy * PAN_PX);
    }
  });
  return Object.keys(acts);
}

function actsOf(does) {
  const further = () => does.hops(1) || does.zoom(1.25);
  return {
    Escape: does.escape, 0: does.fit,
    "+": further, "=": further, "-": () => does.hops(-1) || does.zoom(0.8),
    "/": does.find, "Ctrl k": does.find, h: does.mode, f: does.focus, n: () => does.problem(1), p: () => does.problem(-1),
    " ": does.pause, ...does.more,
  };
}

/** Whether a key is meant for what has the focus, or for what lies above the page. */
function isElsewhere({ target }, name) {
  if (document.querySelector("dialog:modal")) return true;
  if (name === "Escape" && document.querySelector(":popover-open")) return true;
  if (name === " " && target.closest("button, a, summary")) return true;
  return name !== "Ctrl k" && Boolean(target.closest("input, select, textarea"));
}

/** The shown node to go to from one in a direction: along an edge sideways, to the nearest in line up and down. */
export function nextNode(graph, shown, id, [dx, dy]) {
  const from = graph.nodes.get(id);
  if (!from) return [...graph.nodes.values()].find((node) => shown.has(node.id) && node.kind !== "request")?.id ?? null;
  const { predecessors, successors } = graph.neighbours(id);
  const others = dx ? (dx > 0 ? successors : predecessors).map((other) => graph.nodes.get(other)) : [...graph.nodes.values()];
  const ahead = others.filter((node) => node && shown.has(node.id) && (dx || (node.box[1] - from.box[1]) * dy > 0));
  const far = ({ box }) => Math.hypot((box[0] - from.box[0]) * (dx ? 1 : 3), box[1] - from.box[1]);
  return ahead.sort((a, b) => far(a) - far(b))[0]?.id ?? null;
}

/* TourStops: the five things the tour explains, in the words of what is on the page now. */
import { KIND_WORDS, WORDS, shapeOf } from "./icons.js";
import { durationText, rateText } from "./numbers.js";
import { problemWords } from "./problem_words.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";
import { problemsOf } from "./tree_rows.js";

/**
 * Five stops: {title, text, task, node: id of the node it is about, or at: selector of what it is about, act: {label, does, leads:
 * whether it takes the focus along}, back: {keys, from}: the focus comes back from there after one of these keys}.
 *
 * page: as parts.js has it. does: {open(id), find(), problem(), hold()}.
 */
export function tourStops({ graph, stage, state }, does) {
  const shown = [...stage.scene.shown].map((id) => graph.nodes.get(id)).filter((node) => node && !state.shut.includes(node.app));
  const busiest = (nodes) => nodes.sort((a, b) => b.stats.rate - a.stats.rate || (a.id < b.id ? -1 : 1))[0];
  const ofKind = (kind) => busiest(shown.filter((node) => node.kind === kind));
  const wrong = problemsOf(graph).find(({ id }) => stage.scene.shown.has(id));
  return [nodeStop(ofKind("event"), does), streamStop(ofKind("stream"), does), problemStop(graph, wrong, does), findStop(does), freshStop(does)];
}

function nodeStop(node, { open }) {
  if (!node) return { title: t("No node yet"), text: t("What an app does when it is called, when a message comes or by itself is one box, left to right in the order things happen."), at: "#stage" };
  const { stats } = node, name = plain(node.name), p95 = stats.p95 === null ? "" : t("95 % of its runs took {time} or less.", { time: durationText(stats.p95) });
  return {
    title: t("{name} is a node", { name }), node: node.id,
    text: `${t("An outline for each kind, here {kind}; a mark for how it does, here {state}. Over the last 10 s it ran {rate}.", { kind: KIND_WORDS[shapeOf(node)], state: WORDS[stats.state], rate: rateText(stats.rate) })} ${p95}`,
    task: t("Click it, or go to it in the list (t) and press Enter: its numbers open beside the graph."),
    act: { label: t("Open it"), does: () => open(node.id) },
  };
}

function streamStop(node, { open }) {
  if (!node) return { title: t("No stream yet"), text: t("A stream is drawn as a pill between those who write it and those who read it. It fills up while messages wait."), at: "#stage" };
  const { stats } = node, wait = stats.wait === null ? t("No message was read in the last minute.") : t("95 % of its messages waited {time} or less.", { time: durationText(stats.wait) });
  return {
    title: t("{name} is a stream", { name: plain(node.name) }), node: node.id,
    text: `${t("Messages wait in it between events; it fills up with how long.")} ${wait}`,
    task: t("← and → go along the lines: on the graph, and in the list."),
    act: { label: t("Open it"), does: () => open(node.id) },
  };
}

function problemStop(graph, node, { problem }) {
  if (!node) {
    return {
      title: t("Nothing is wrong"), at: "#show-which",
      text: t("Problems counts what fails (✕), is degraded (▲) or waits (hourglass), and shows only that and what touches it."),
      task: t("n goes to the next problem as soon as there is one, p to the one before."),
    };
  }
  const { said, more } = problemWords(graph, node);
  return {
    title: t("{name} is {state}", { name: plain(node.name), state: WORDS[node.stats.state] }), node: node.id, back: { keys: ["n", "p"], from: "#apps" },
    text: `${said}; ${more.join(" · ")}. ${t("Each kind of problem has its own mark and outline. Problems in the header counts them, and shows only them.")}`,
    task: t("n goes to the next problem, p to the one before."),
    act: { label: t("Go to it"), does: problem },
  };
}

function findStop({ find }) {
  return {
    title: t("Find"), at: "#find", back: { keys: ["Escape"], from: "#stage" },
    text: t("By name, or by what it does: err>1%, wait>5s, app=shop. What is found stands out; h shows only that, or hides it."),
    task: t("Press /, type a few letters, Enter goes from match to match. Esc clears it, and leaves."),
    act: { label: t("Find something"), does: find, leads: true },
  };
}

function freshStop({ hold }) {
  return {
    title: t("How fresh it is"), at: "#chip, #chip-below",
    text: t("How far the picture is behind the logs, and who answers. When the line is lost it says so within 2 s, and nothing looks alive any more."),
    task: t("Space holds the picture, Space again lets it go on. ? shows all keys."),
    act: { label: t("Hold it, go on"), does: hold },
  };
}

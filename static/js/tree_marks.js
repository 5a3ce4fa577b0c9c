/*
 * TreeMarks (a part): what stands out on the canvas carries the same mark in the tree, which is the graph for whoever cannot
 * see it: the badges of a lens and, while drift is shown, what the lines of a node rest on.
 */
import { el } from "./dom.js";
import { asking } from "./drift.js";
import { evidenceWords } from "./edge_state.js";
import { t, tn } from "./text.js";

const NONE = new Map();

export function treeMarks({ state, graph, stage, tree, followers }) {
  const home = document.getElementById("apps");
  followers.push(() => {
    const { lens } = stage.scene, marks = lens ? lensMarks(lens) : state.show === "drift" ? driftMarks(graph) : NONE;
    const shown = marks.size ? new Map([...marks, ...foldedMarks(tree.lines, marks), ...appMarks(tree.lines, marks)]) : marks;
    // Each time: rows come and go as the tree is scrolled.
    for (const row of home.querySelectorAll("[data-row]")) markRow(row, shown.get(row.dataset.row));
  });
}

/** Id → {text, tone}: a node's own badge, else that a line of it is new or gone. */
function lensMarks({ badges, lines }) {
  const marks = new Map(lines.flatMap(({ of, text, tone }) => of.map((id) => [id, { text: t("{change} line", { change: text }), tone }])));
  for (const [id, badge] of badges) marks.set(id, badge);
  return marks;
}

function driftMarks(graph) {
  const edges = asking(graph), events = new Map(), found = new Map();
  for (const { kind, source, target } of edges.length ? graph.edges.values() : []) if (kind === "request") events.set(source, target);
  for (const edge of edges) {
    for (const id of [edge.source, edge.target].map((end) => events.get(end) ?? end)) found.set(id, [...found.get(id) ?? [], edge]);
  }
  return new Map([...found].map(([id, those]) => [id, { text: evidenceWords({ edges: those, source: { id }, target: { id } }), tone: "warn" }]));
}

/** How many there are in an app whose nodes have no rows. */
function foldedMarks(lines, marks) {
  return lines.filter(({ item, unfolded }) => !item && !unfolded).map(({ id, app }) => [id, app.nodes.filter((node) => marks.has(node.id)).length])
    .filter(([, count]) => count).map(([id, count]) => [id, { text: tn("{count} marked", "{count} marked", count), tone: "ink" }]);
}

/** Those of apps themselves. */
function appMarks(lines, marks) {
  return lines.filter(({ item, app }) => !item && marks.has(app?.key)).map(({ id, app }) => [id, marks.get(app.key)]);
}

function markRow(row, mark) {
  const now = mark?.text ? `${mark.tone} ${mark.text}` : "";
  if (now === (row.dataset.mark ?? "")) return;
  row.dataset.mark = now;
  row.querySelector(".lens-badge")?.remove();
  if (now) row.querySelector(".num").before(el("b", { class: `lens-badge ${mark.tone}` }, mark.text));
}

/*
 * Twin (a part): the tree and the canvas in step, and the focus between tree, canvas and panel. What has the focus in the
 * tree is marked on the canvas; Enter goes into the panel, Escape comes back from it.
 */
import { NARROW } from "./narrow.js";
import { TreeKeys } from "./tree_keys.js";
import { WaysMenu } from "./ways_menu.js";

/** What keyboard.js does by itself. */
const KEYS = "hf";
/** A node that has the focus in the tree is brought into view with so much around it, CSS pixels. */
const MARGIN = 32;

const byId = (id) => document.getElementById(id);

export function twin(page) {
  const { graph, stage, tree } = page, home = byId("apps"), panel = byId("panel"), canvas = byId("stage");
  let back = () => canvas.focus();

  const mark = ({ target, type, relatedTarget }) => {
    const node = graph.nodes.get(tree.lineOf(target)?.id);
    if (node && type === "focusin" && home.contains(relatedTarget)) stage.viewport.reveal(node.box, MARGIN);
    stage.mark(node?.id ?? "");
  };
  for (const name of ["focusin", "pointerover"]) home.addEventListener(name, mark);
  for (const name of ["focusout", "pointerleave"]) home.addEventListener(name, () => stage.mark(""));

  /** Into the panel, to come back to where one was. */
  const enter = () => {
    const { activeElement } = document;
    back = home.contains(activeElement) ? () => tree.focus() : () => (activeElement.isConnected ? activeElement : canvas).focus();
    panel.focus();
  };
  const open = ({ id, app, item }) => {
    if (!item) return stage.open(app);
    page.select(id, { near: true });
    enter();
  };
  const leave = () => {
    page.select("");
    back();
  };

  new TreeKeys({
    home, tree, graph, menu: new WaysMenu(byId("ways")),
    does: { open, isKey: (letter) => KEYS.includes(letter) || letter in page.keys, say: (text) => { byId("news").textContent = text; } },
  });
  canvas.addEventListener("keydown", (event) => event.key === "Enter" && event.target === canvas && !panel.hidden && enter());
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  });
  byId("panel-close").addEventListener("click", () => back());
  // What was clicked is gone with the panel's old text.
  byId("panel-content").addEventListener("click", () => document.activeElement === document.body && panel.focus());
  // On a phone the panel lies over the list.
  for (const list of [home, byId("problems")]) list.addEventListener("click", () => NARROW.matches && !panel.hidden && enter());

  const problem = (by) => {
    page.finding.keys.problem(by);
    if (document.activeElement !== canvas && page.state.node) tree.focus(page.state.node);
  };
  const toggle = () => (document.body.classList.toggle("no-tree") ? canvas : tree).focus();
  Object.assign(page.keys, { n: () => problem(1), p: () => problem(-1), t: toggle });
}

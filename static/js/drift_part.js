/*
 * DriftPart (a part): how many edges want an answer, in the header; the key d; and the list of them in the panel, to which
 * one comes back from each of them (templates/_drift_panel.html).
 */
import { setText } from "./dom.js";
import { asking } from "./drift.js";
import { chosen } from "./edge_name.js";
import { areSame } from "./finder.js";
import { ofApps } from "./shown.js";
import { tn } from "./text.js";

const byId = (id) => document.getElementById(id);

export function drift(page) {
  const { state, graph, panel } = page, home = byId("panel");
  let was = [], show = state.show;

  const isList = () => state.show === "drift" && !graph.nodes.has(state.node) && !state.edge;
  const open = () => page.filter({ show: "drift", node: "", edge: "" });
  const leave = () => page.filter({ show: "all" });

  const follow = () => {
    const ids = asking(graph, ofApps(graph, state)).map(({ id }) => id), changed = !areSame(was, ids);
    was = ids;
    setText(byId("drift-count"), ids.length ? String(ids.length) : "");
    setText(byId("drift-said"), tn("{count} edge differs from what is declared", "{count} edges differ from what is declared", ids.length));
    byId("drift-open").hidden = !ids.length;
    if (show !== state.show) {
      show = state.show;
      panel.show(state.view, chosen(graph, state, page.feed.then));
    } else if (changed && show === "drift") page.refilter({ fit: false });
  };

  // Before others close the panel: the list is left, an edge leads back to it.
  home.addEventListener("click", ({ target }) => target.closest("#panel-close") && isList() && leave(), true);
  home.addEventListener("keydown", ({ key }) => key === "Escape" && isList() && leave(), true);
  byId("drift-open").addEventListener("click", open);
  page.leaves.add(isList, leave);
  page.keys.d = () => (state.show === "drift" ? leave() : open());
  page.followers.push(follow);
}

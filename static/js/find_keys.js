/* FindKeys: what the keys of finding and focusing do, as keyboard.js calls it. */
import { nextOf } from "./finder.js";
import { problemsOf } from "./tree_rows.js";
import { MOST_HOPS } from "./url_state.js";

const NEXT_AS = { find: "only", only: "hide", hide: "find" };

/** set(changes): change what is filtered. go(id): select. shown(): ids that are there. openBox(): focus the find box. */
export function findKeys({ state, graph, set, go, shown, openBox }) {
  const leave = () => Boolean(state.focus) && (set({ focus: "", hops: 1 }), true);
  return {
    /** Leave the focus; returns whether there was one. */
    leave,
    find: openBox,
    mode: () => (state.find ? set({ as: NEXT_AS[state.as] }) : openBox()),
    focus: () => (state.node && state.node !== state.focus ? set({ focus: state.node, hops: 1 }) : leave()),
    /** Returns whether there is a focus to widen. */
    hops: (by) => {
      const next = Math.min(MOST_HOPS, Math.max(1, state.hops + by));
      if (state.focus && next !== state.hops) set({ hops: next });
      return Boolean(state.focus);
    },
    problem: (by) => go(nextOf(problemsOf(graph).map(({ id }) => id).filter((id) => shown().has(id)), state.node, by)),
  };
}

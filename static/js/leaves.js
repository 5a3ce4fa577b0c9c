/*
 * Leaves (a part, the first): what Escape leaves, what was done last before what was done earlier. Other parts add what they
 * bring: page.leaves.add(now, leave, {above}).
 *
 * now(): what of it is there, nothing where there is nothing to leave; with another value it is done anew. above: it lies over
 * all others, whatever else goes on under it.
 */
export function leaves(page) {
  const { state, graph, finding } = page, known = [], begun = [];

  /** What came since somebody acted came together: what was added first is the older. */
  function note() {
    for (const one of known) {
      const was = one.value;
      one.value = one.now() || "";
      if (was === one.value) continue;
      if (was) begun.splice(begun.indexOf(one), 1);
      if (one.value) begun.push(one);
    }
  }

  function escape() {
    note();
    (begun.findLast(({ above }) => above) ?? begun.at(-1))?.leave();
  }

  page.leaves = { add: (now, leave, { above = false } = {}) => known.push({ now, leave, above, value: "" }), escape };
  page.leaves.add(() => (graph.nodes.has(state.node) ? state.node : state.edge), () => page.select(""));
  page.leaves.add(() => state.focus, finding.keys.leave);
  // What is there before somebody acts is older than what comes of it.
  for (const name of ["keydown", "pointerdown"]) addEventListener(name, note, true);
}

/* Inspection: for tests and curious people, what is drawn, to read. */

/** keys: names of the keys that work on the whole page. */
export function inspection(page, keys) {
  const { graph, stage } = page;
  return Object.freeze({
    snapshot: () => structuredClone({
      nodes: Object.fromEntries(graph.nodes), edges: Object.fromEntries(graph.edges),
      seq: graph.seq, hub: graph.hub, view: graph.view, at: graph.at,
    }),
    viewport: () => ({ x: stage.viewport.x, y: stage.viewport.y, scale: stage.viewport.scale }),
    keys: () => [...keys],
    isWhole: () => page.isWhole,
    folded: () => [...stage.scene.folded],
    lit: () => [...graph.nodes.values()].filter((node) => (stage.scene.lens ?? stage.scene).spotlight?.isOn(node)).map(({ id }) => id),
    lens: () => stage.scene.lens && structuredClone({ badges: [...stage.scene.lens.badges], ghosts: stage.scene.lens.ghosts, lines: stage.scene.lens.lines }),
    shown: () => [...stage.scene.shown],
  });
}

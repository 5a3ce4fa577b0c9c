/* Inspection: for tests and curious people, what is drawn, to read. */

export function inspection(graph, stage, keys) {
  return Object.freeze({
    snapshot: () => structuredClone({
      nodes: Object.fromEntries(graph.nodes), edges: Object.fromEntries(graph.edges),
      seq: graph.seq, hub: graph.hub, view: graph.view, at: graph.at,
    }),
    viewport: () => ({ x: stage.viewport.x, y: stage.viewport.y, scale: stage.viewport.scale }),
    keys: () => [...keys],
    folded: () => [...stage.scene.folded],
    lit: () => [...graph.nodes.values()].filter((node) => (stage.scene.lens ?? stage.scene).spotlight?.isOn(node)).map(({ id }) => id),
    lens: () => stage.scene.lens && structuredClone({ badges: [...stage.scene.lens.badges], ghosts: stage.scene.lens.ghosts, lines: stage.scene.lens.lines }),
    shown: () => [...stage.scene.shown],
  });
}

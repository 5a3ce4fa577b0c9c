/*
 * Looking: where one looks, in the address, so that a reload or a link looks at the same: the middle of the stage and the
 * zoom, once somebody has moved it. Until then, and after a fit, everything is shown whatever the window's size. A part of the
 * graph page (parts.js).
 */

export function looking(page) {
  const { state, graph, stage, feed, followers } = page;
  let before = state.at, start = read(state.at);

  const now = () => {
    if (start) return state.at;
    if (!stage.touched) return "";
    const { scale } = stage.viewport, [x, y] = stage.viewport.middle();
    return [Math.round(x), Math.round(y), Number(scale.toPrecision(4))].join("_");
  };
  const write = () => {
    before = now();
    if (before !== state.at) state.set({ at: before });
  };

  stage.touched = Boolean(start);
  feed.hears.push(({ structure }) => {
    if (!start || !structure || !graph.nodes.size) return;
    const to = start;
    start = null;
    // When the page has drawn it, and its panel has taken its room.
    queueMicrotask(() => stage.centre(...to));
  });
  /** Write it now. */
  page.looking = write;
  // When it rests: browsers allow few changes of the address.
  followers.push(() => (now() === before ? write() : (before = now())));
}

/** [x, y, scale] of an address; null of one that says nothing. */
function read(text) {
  const parts = /^(-?\d{1,8})_(-?\d{1,8})_(\d{0,3}(?:\.\d{1,8})?)$/.exec(text)?.slice(1).map(Number);
  return parts && parts[2] > 0 ? parts : null;
}

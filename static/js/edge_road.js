/*
 * EdgeRoad: a way around nodes in five straight pieces: out, up or down beside a column, along between two rows, up or
 * down again, in.
 */

/** How far from a node the road turns. */
const LEAD = 18;
/** Room between the road and what it passes: rows are 16 apart. */
const CLEAR = 7;
/** Past so many nodes in the way it goes through the next one. */
const MOST_TURNS = 12;

/** The corners of the road from one port to another; boxes are all nodes', the ends' own too. */
export function edgeRoad(from, to, boxes) {
  const lane = laneBetween(from, to, boxes);
  const out = besideColumn(from[0] + LEAD, [from[1], lane], boxes, 1);
  const back = besideColumn(to[0] - LEAD, [to[1], lane], boxes, -1);
  return [from, [out, from[1]], [out, lane], [back, lane], [back, to[1]], to];
}

/** A height no node lies at between the two ends, as near to both as can be. */
function laneBetween(from, to, boxes) {
  const left = Math.min(from[0], to[0]) - LEAD, right = Math.max(from[0], to[0]) + LEAD;
  const blocked = boxes.filter(([x, , w]) => x < right && x + w > left).map(([, y, , h]) => [y - CLEAR, y + h + CLEAR]);
  const candidates = [from[1], to[1], (from[1] + to[1]) / 2, ...blocked.flat()];
  const free = candidates.filter((lane) => !blocked.some(([top, bottom]) => lane > top && lane < bottom));
  const cost = (lane) => Math.abs(lane - from[1]) + Math.abs(lane - to[1]);
  return free.reduce((best, lane) => (cost(lane) < cost(best) ? lane : best), free[0] ?? from[1]);
}

/** Where a vertical piece passes all nodes, from x on in a direction. */
function besideColumn(x, heights, boxes, direction) {
  const top = Math.min(...heights), bottom = Math.max(...heights);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const hit = boxes.find(([left, y, w, h]) => left - CLEAR < x && x < left + w + CLEAR && y < bottom && y + h > top);
    if (!hit) return x;
    x = direction > 0 ? hit[0] + hit[2] + LEAD : hit[0] - LEAD;
  }
  return x;
}

/* Ghosts: where what is not there any more stands: in rows under everything that is. Nothing else moves for it. */

const SIZE = [184, 48];
const GAP = [32, 40];
/** Under the graph, so that nobody takes them for part of it. */
const BELOW = 72;
const MOST_IN_A_ROW = 6;

/** So many boxes under a box. */
export function ghostBoxes(count, below) {
  const [left, top, width, height] = below ?? [0, 0, 0, 0];
  const inRow = Math.max(2, Math.min(MOST_IN_A_ROW, Math.floor((width + GAP[0]) / (SIZE[0] + GAP[0]))));
  return Array.from({ length: count }, (_, at) => [
    left + (at % inRow) * (SIZE[0] + GAP[0]), top + height + BELOW + Math.floor(at / inRow) * (SIZE[1] + GAP[1]), ...SIZE,
  ]);
}

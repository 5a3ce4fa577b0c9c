/*
 * Run: the line between two things that are drawn, a node or a folded app each; the queues between two nodes, and all
 * that passes between two folded apps, share one. Where it runs is worked out when it is first seen.
 */
import { cardCurve } from "./card_curve.js";
import { edgeCurve } from "./edge_curve.js";

/** A line that runs back swings out so far at most. */
const SWING = 320;

export class Run {
  edges = [];
  #curve = null; #grid;

  /** source, target: {id or key, box, …}. grid: boxes that the line should not cross; null where an end is a card. */
  constructor(source, target, grid) {
    [this.source, this.target, this.#grid] = [source, target, grid];
    this.box = hull(source.box, target.box);
  }

  get curve() {
    this.#curve ??= this.#grid ? edgeCurve(this.source, this.target, this.#grid) : cardCurve(this.source, this.target);
    return this.#curve;
  }
}

/** Everything between two boxes, and the room a line may take around them. */
function hull([ax, ay, aw, ah], [bx, by, bw, bh]) {
  const runsBack = bx < ax + aw, room = runsBack ? SWING : 40;
  const left = Math.min(ax, bx) - room, top = Math.min(ay, by) - room;
  return [left, top, Math.max(ax + aw, bx + bw) + room - left, Math.max(ay + ah, by + bh) + room - top];
}

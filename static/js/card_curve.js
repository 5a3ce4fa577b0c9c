/*
 * CardCurve: where a line runs that ends on a card: from the side that looks at the other end, straight across what is
 * between them. Cards are large and lie in rows and columns: from right to left, as between nodes, it would go around them.
 */
import { bow } from "./edge_curve.js";
import { shapeOf } from "./icons.js";
import { ports } from "./node_shape.js";

/** Lines between the same two, there and back, are twice so far apart; a line passes so far beside a node: world pixels. */
const APART = 7, BESIDE = 70;

/** {from, to, way}: the points on the two boxes [x, y, w, h], and the direction [dx, dy] in which a line arrives. */
export function cardEnds(a, b) {
  const [ax, ay, aw, ah] = a, [bx, by, bw, bh] = b, across = gap(ax, aw, bx, bw), between = gap(ay, ah, by, bh);
  if (between > 0 && between >= across) {
    const down = by > ay, shift = down ? APART : -APART, [left, right] = [Math.max(ax, bx), Math.min(ax + aw, bx + bw)];
    // Side by side they are joined near their corners, else where both are.
    const [x, other] = left < right ? [(left + right) / 2, (left + right) / 2] : bx > ax ? [ax + aw - BESIDE, bx + BESIDE] : [ax + BESIDE, bx + bw - BESIDE];
    return { from: [x + shift, down ? ay + ah : ay], to: [other + shift, down ? by : by + bh], way: [0, down ? 1 : -1] };
  }
  const on = bx > ax, shift = on ? -APART : APART;
  return { from: [on ? ax + aw : ax, ay + ah / 2 + shift], to: [on ? bx : bx + bw, by + bh / 2 + shift], way: [on ? 1 : -1, 0] };
}

/** As edgeCurve, with the way in which it arrives. source or target, or both, are cards: they have no id. */
export function cardCurve(source, target) {
  if (target.id) return toNode(source.box, ports(shapeOf(target), target.box).in);
  if (source.id) return fromNode(ports(shapeOf(source), source.box).out, target.box);
  const { from, to, way } = cardEnds(source.box, target.box);
  return along(from, way, to, way);
}

/** To a node one comes from its left. */
function toNode([x, y, w, h], to) {
  if (x + w <= to[0]) return along([x + w, y + h / 2], [1, 0], to, [1, 0]);
  const down = y < to[1];
  return along([within(to[0] - BESIDE, x, w), down ? y + h : y], [0, down ? 1 : -1], to, [1, 0]);
}

/** From a node one goes to the right. */
function fromNode(from, [x, y, w, h]) {
  if (x >= from[0]) return along(from, [1, 0], [x, y + h / 2], [1, 0]);
  const down = y > from[1];
  return along(from, [1, 0], [within(from[0] + BESIDE, x, w), down ? y : y + h], [0, down ? 1 : -1]);
}

function along(from, [ax, ay], to, way) {
  const [bx, by] = way, reach = Math.max(Math.abs(to[0] - from[0]) * Math.abs(ax || bx), Math.abs(to[1] - from[1]) * Math.abs(ay || by)) / 2;
  const c1 = [from[0] + ax * reach, from[1] + ay * reach], c2 = [to[0] - bx * reach, to[1] - by * reach];
  return { from, to, way, ...bow(from, c1, c2, to, way) };
}

function gap(a, length, b, other) {
  return Math.max(0, b - (a + length), a - (b + other));
}

function within(x, left, width) {
  return Math.min(left + width - APART, Math.max(left + APART, x));
}

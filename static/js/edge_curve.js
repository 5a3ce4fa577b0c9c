/*
 * EdgeCurve: where an edge runs, from its source's right to its target's left; worked out once a structure.
 *
 * Forward it is one smooth curve. Where that would run back, or under other nodes, it takes the road between the rows
 * (edge_road.js) instead.
 */
import { edgeRoad } from "./edge_road.js";
import { shapeOf } from "./icons.js";
import { newPath } from "./ink.js";
import { ports } from "./node_shape.js";

const STEPS = 24;
/** The line ends inside its arrow head, so that a thick one does not stick out at the tip. */
const HEAD_ROOM = 5;
const ROUND = 10;
/** A road looks so far around its ends for room. */
const DETOUR = 600;

/** {from, to, points, box, path} in world pixels; grid (BoxGrid) has the boxes that no line should cross. */
export function edgeCurve(source, target, grid) {
  const from = ports(shapeOf(source), source.box).out, to = ports(shapeOf(target), target.box).in;
  const swing = cubic(from, to), runsBack = to[0] < from[0];
  const inTheWay = (box) => box !== source.box && box !== target.box && overlap(box, swing.box) && crosses(swing.points, box);
  if (!runsBack && !grid.near(swing.box).some(inTheWay)) return { from, to, ...swing };
  const points = edgeRoad(from, to, grid.near(surroundings(from, to)));
  return { from, to, points, path: rounded(points), box: around(points) };
}

/** Where a road around other nodes may lead. */
function surroundings(from, to) {
  const left = Math.min(from[0], to[0]) - DETOUR, top = Math.min(from[1], to[1]) - DETOUR;
  return [left, top, Math.max(from[0], to[0]) + DETOUR - left, Math.max(from[1], to[1]) + DETOUR - top];
}

/** The point at t (0 … 1) of its length. */
export function pointAt({ points }, t) {
  const lengths = points.slice(1).map(([x, y], i) => Math.hypot(x - points[i][0], y - points[i][1]));
  let left = t * lengths.reduce((sum, length) => sum + length, 0);
  for (const [i, length] of lengths.entries()) {
    if (left <= length) return between(points[i], points[i + 1], length ? left / length : 0);
    left -= length;
  }
  return points.at(-1);
}

/** How far a point is from the curve. */
export function distanceTo({ points }, [x, y]) {
  let nearest = Infinity;
  for (let i = 1; i < points.length; i++) {
    const [ax, ay] = points[i - 1], [dx, dy] = [points[i][0] - ax, points[i][1] - ay], square = dx * dx + dy * dy;
    const t = square ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square)) : 0;
    nearest = Math.min(nearest, Math.hypot(x - ax - t * dx, y - ay - t * dy));
  }
  return nearest;
}

function cubic(from, to) {
  const dx = to[0] - from[0], reach = dx >= 0 ? Math.max(Math.min(28, dx), dx * 0.5) : 60 + Math.min(240, -dx * 0.25);
  return bow(from, [from[0] + reach, from[1]], [to[0] - reach, to[1]], to);
}

/** A curve with these two controls; it arrives in a direction [dx, dy] of length 1. */
export function bow(from, c1, c2, to, [dx, dy] = [1, 0]) {
  const path = newPath(), inside = ([x, y]) => [x - dx * HEAD_ROOM, y - dy * HEAD_ROOM];
  path.moveTo(...from);
  path.bezierCurveTo(...c1, ...inside(c2), ...inside(to));
  const points = Array.from({ length: STEPS + 1 }, (_, i) => cubicAt(from, c1, c2, to, i / STEPS));
  return { points, path, box: around(points) };
}

function cubicAt(from, c1, c2, to, t) {
  const u = 1 - t;
  return [0, 1].map((i) => u * u * u * from[i] + 3 * u * u * t * c1[i] + 3 * u * t * t * c2[i] + t * t * t * to[i]);
}

function rounded(points) {
  const path = newPath();
  path.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i++) {
    const room = [i - 1, i].map((j) => Math.hypot(points[j + 1][0] - points[j][0], points[j + 1][1] - points[j][1]) / 2);
    path.arcTo(...points[i], ...points[i + 1], Math.min(ROUND, ...room));
  }
  const [x, y] = points.at(-1);
  path.lineTo(x - HEAD_ROOM, y);
  return path;
}

function crosses(points, [x, y, w, h]) {
  return points.some(([px, py]) => px > x && px < x + w && py > y && py < y + h);
}

function overlap([ax, ay, aw, ah], [bx, by, bw, bh]) {
  return ax <= bx + bw && bx <= ax + aw && ay <= by + bh && by <= ay + ah;
}

function around(points) {
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y), [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

function between([ax, ay], [bx, by], t) {
  return [ax + (bx - ax) * t, ay + (by - ay) * t];
}

/* NodeShape: the outline of a node in its box [x, y, w, h]; shape says what kind it is before any text does. */
import { newPath } from "./ink.js";

/** How far a node's corners are rounded; selection rings follow it. */
export const CORNER = { http: 7, consumer: 16, service: 14, stream: 24, request: 8, dangling: 10, external: 10 };
const REQUEST_RADIUS = 4.5;
const NOTCH = 6;

/** The outline as a path. `grow` > 0 makes it larger all around, for rings. */
export function outline(shape, [x, y, w, h], grow = 0) {
  const path = newPath();
  const [left, top, width, height] = [x - grow, y - grow, w + 2 * grow, h + 2 * grow];
  if (shape === "request") path.arc(x + w / 2, y + h / 2, REQUEST_RADIUS + grow, 0, 2 * Math.PI);
  else if (shape === "http" && !grow) notched(path, left, top, width, height);
  else if (shape === "service" && !grow) hexagon(path, left, top, width, height);
  else path.roundRect(left, top, width, height, Math.min(height / 2, CORNER[shape] + grow));
  return path;
}

/** Where edges leave and arrive: {out: [x, y], in: [x, y]}. */
export function ports(shape, [x, y, w, h]) {
  const middle = y + h / 2;
  if (shape === "request") return { out: [x + w / 2 + REQUEST_RADIUS, middle], in: [x + w / 2 - REQUEST_RADIUS, middle] };
  return { out: [x + w, middle], in: [x + (shape === "http" ? NOTCH - 1 : 0), middle] };
}

function notched(path, x, y, w, h) {
  const r = CORNER.http, middle = y + h / 2;
  path.moveTo(x + r, y);
  path.arcTo(x + w, y, x + w, y + h, r);
  path.arcTo(x + w, y + h, x, y + h, r);
  path.arcTo(x, y + h, x, y, r);
  path.lineTo(x, middle + NOTCH + 2);
  path.lineTo(x + NOTCH, middle);
  path.lineTo(x, middle - NOTCH - 2);
  path.arcTo(x, y, x + w, y, r);
  path.closePath();
}

function hexagon(path, x, y, w, h) {
  const side = 12, r = 3, middle = y + h / 2;
  path.moveTo(x + w / 2, y);
  path.arcTo(x + w - side, y, x + w, middle, r);
  path.arcTo(x + w, middle, x + w - side, y + h, r);
  path.arcTo(x + w - side, y + h, x, y + h, r);
  path.arcTo(x + side, y + h, x, middle, r);
  path.arcTo(x, middle, x + side, y, r);
  path.arcTo(x + side, y, x + w, y, r);
  path.closePath();
}

/*
 * NodePainter: one node at one of four levels of detail: "full" (tile, name and numbers), "brief" (name and numbers),
 * "name", "far" (a spot of colour).
 */
import { paintCard } from "./card_painter.js";
import { paintFlag } from "./flag_painter.js";
import { shapeOf } from "./icons.js";
import { paintIcon, paintMark } from "./mark_painter.js";
import { nodeLine } from "./node_line.js";
import { outline } from "./node_shape.js";
import { drawLine, fitted, plain, widthOf } from "./text_fit.js";

/** Where text and tile begin and the mark ends, from the sides, by shape. */
const LEFT = { http: 14, consumer: 10, service: 16, stream: 14, dangling: 10, external: 10 };
const RIGHT = { http: 14, consumer: 16, service: 20, stream: 21, dangling: 14, external: 14 };
const TILE = 26;
const NAME_SIZE = 13;
/** In the middle distance names are written larger where there is room: they must be read at .35 … .6. */
const NAME_SIZE_APART = 16;
/** Numbers beside them. */
const LINE_SIZE_APART = 15;

/** Draw a node. look: {palette, detail, selected, hovered, finding: severity of what the linter says, if anything}. */
export function paintNode(context, node, look) {
  const shape = shapeOf(node), { palette, detail, selected, hovered, finding } = look;
  if (selected) ring(context, shape, node.box, palette);
  if (shape === "request") paintRequest(context, node, palette, hovered);
  else if (detail === "far") paintSpot(context, shape, node, palette);
  else {
    paintCard(context, shape, node, look);
    if (detail === "full") paintFull(context, shape, node, palette);
    else paintName(context, shape, node, { palette, isBrief: detail === "brief" });
    if (finding) paintFlag(context, node.box, finding, palette);
  }
}

function ring(context, shape, box, palette) {
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  context.stroke(outline(shape, box, 5));
}

function paintRequest(context, node, palette, hovered) {
  const path = outline("request", node.box);
  context.fillStyle = palette.canvas;
  context.strokeStyle = hovered ? palette.ink : palette.edge;
  context.lineWidth = 1.5;
  context.fill(path);
  context.stroke(path);
}

function paintSpot(context, shape, node, palette) {
  const { state } = node.stats;
  context.fillStyle = state === "ok" ? palette["ok-tint"] : state === "idle" ? palette["idle-tint"] : palette[state];
  context.strokeStyle = state === "ok" ? palette.ok : palette["card-line"];
  context.lineWidth = 2;
  const path = outline(shape, node.box);
  context.fill(path);
  context.stroke(path);
}

function paintFull(context, shape, node, palette) {
  const [x, y, w, h] = node.box, middle = y + h / 2, { state } = node.stats, left = x + LEFT[shape];
  const textX = shape === "stream" ? left + 23 : left + TILE + 7;
  paintTile(context, shape, left, middle, state, palette);
  const font = (weight) => `${weight} 12px ${palette.sans}`, room = x + w - textX - RIGHT[shape];
  context.font = `600 ${NAME_SIZE}px ${palette.sans}`;
  context.fillStyle = state === "idle" ? palette["text-3"] : palette.text;
  context.fillText(fitted(context, plain(node.name), room - 8), textX, middle - 4);
  drawLine(context, nodeLine(node, shape, palette), textX, middle + 13, { room: room + 6, font });
  paintMark(context, state, x + w - RIGHT[shape], middle - 9, palette);
}

function paintTile(context, shape, left, middle, state, palette) {
  const quiet = state === "idle" ? 0.6 : 1, icon = palette[state === "fail" ? "on-fail" : `${state}-text`];
  const before = context.globalAlpha;
  context.globalAlpha = before * quiet;
  if (shape !== "stream") {
    context.fillStyle = state === "fail" ? palette.fail : palette[`${state}-tint`];
    context.beginPath();
    context.roundRect(left, middle - TILE / 2, TILE, TILE, 8);
    context.fill();
  }
  paintIcon(context, shape, shape === "stream" ? left : left + 5, middle - 8, shape === "stream" && state === "fail" ? palette["fail-text"] : icon);
  context.globalAlpha = before;
}

/** Without a tile there is room to write larger. */
function paintName(context, shape, node, { palette, isBrief }) {
  const [x, y, w, h] = node.box, left = x + LEFT[shape] + (shape === "stream" ? 2 : 0), room = w - LEFT[shape] - 6 - RIGHT[shape] - 8, name = plain(node.name), middle = y + h / 2;
  const font = (weight, size = LINE_SIZE_APART) => `${weight} ${size}px ${palette.sans}`;
  context.font = font(600, NAME_SIZE);
  const size = Math.max(NAME_SIZE, Math.min(NAME_SIZE_APART, (NAME_SIZE * room) / widthOf(context, name)));
  context.font = font(600, size);
  context.fillStyle = node.stats.state === "idle" ? palette["text-3"] : palette.text;
  context.fillText(fitted(context, name, room), left, isBrief ? middle - 4 : middle + size * 0.35);
  if (isBrief) drawLine(context, nodeLine(node, shape, palette), left, middle + 16, { room: room + 16, font });
  paintMark(context, node.stats.state, x + w - RIGHT[shape], isBrief ? middle - 9 : middle, palette, isBrief ? 1.2 : 1.4);
}

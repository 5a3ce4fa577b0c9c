/* AppPainter: the box around an app's nodes; from far away a card in their place. */
import { WORDS } from "./icons.js";
import { shortNumber } from "./numbers.js";
import { paintMark } from "./mark_painter.js";
import { fitted, plain, widthOf } from "./text_fit.js";

const PROBLEMS = ["fail", "warn", "wait"].map((state) => [state, WORDS[state]]);
const ROUND = 16;
/** Where the header's text stands in the box. */
const HEADER_LEFT = 16;
const HEADER_BASE = 25;
/** Text on cards is this large on the screen, whatever the scale. */
const CARD_TEXT_PX = 12;
const CARD_PAD_PX = 10;

/** The soft box with name, version, what is wrong, and its rate. */
export function paintAppBox(context, app, totals, { palette, scale }) {
  const [x, y, w, h] = app.box;
  for (const annex of app.annexes ?? []) paintAnnex(context, app, annex, { palette, scale });
  fillBox(context, app.box, palette.box, palette["box-line"], 1);
  // Below 60 % the header's text grows, so that it is still read.
  const size = Math.max(13, 11 / scale), unit = size / 13, font = (weight, px = size) => `${weight} ${px}px ${palette.sans}`;
  const base = y + HEADER_BASE + (size - 13) * 0.2;
  context.font = font(600);
  const name = fitted(context, plain(app.name), w - 2 * HEADER_LEFT);
  context.fillStyle = palette.text;
  context.fillText(name, x + HEADER_LEFT, base);
  let left = x + HEADER_LEFT + widthOf(context, name) + unit * 6;
  const room = (width) => left + width < x + w - HEADER_LEFT;
  const small = Math.max(12, size - 1);
  context.font = font(400, small);
  if (room(widthOf(context, app.version))) {
    context.fillStyle = palette["text-3"];
    context.fillText(plain(app.version), left, base);
    left += widthOf(context, app.version) + unit * 20;
  }
  const rate = `${shortNumber(totals.rate)}/s`, rateRoom = totals.rate ? widthOf(context, rate) + unit * 12 : 0;
  context.font = font(600, small);
  const wrong = PROBLEMS.filter(([state]) => totals.states[state]).map(([state, word]) => [state, String(totals.states[state]), word]);
  const inWords = wrong.reduce((sum, [, count, word]) => sum + widthOf(context, `${count} ${word}`) + unit * 34, 0);
  const spelled = room(inWords + rateRoom - unit * 16);
  for (const [state, count, word] of wrong) {
    const text = spelled ? `${count} ${word}` : count;
    if (!room(widthOf(context, text) + rateRoom)) continue;
    paintMark(context, state, left + unit * 6, base - size * 0.36, palette, 0.86 * unit);
    context.fillStyle = palette[`${state}-text`];
    context.fillText(text, left + unit * 18, base);
    left += widthOf(context, text) + unit * 34;
  }
  context.font = font(400, small);
  if (totals.rate && room(widthOf(context, rate))) {
    context.fillStyle = palette["text-3"];
    context.fillText(rate, x + w - HEADER_LEFT - widthOf(context, rate), base);
  }
}

/** A further box of an app: its name, and that it goes on here. */
function paintAnnex(context, app, box, { palette, scale }) {
  const [x, y, w] = box, size = Math.max(13, 11 / scale);
  fillBox(context, box, palette.box, palette["box-line"], 1);
  context.font = `400 ${size}px ${palette.sans}`;
  context.fillStyle = palette["text-3"];
  context.fillText(fitted(context, `${plain(app.name)}, continued`, w - 2 * HEADER_LEFT), x + HEADER_LEFT, y + HEADER_BASE + (size - 13) * 0.2);
}

/** Far away: one card per app, name and worst state, text at screen size. */
export function paintAppCard(context, app, totals, { palette, scale }) {
  const [x, y, w, h] = app.box, px = 1 / scale, { worst } = totals, fails = worst === "fail";
  const loud = fails || worst === "warn" || worst === "wait";
  fillBox(context, app.box, fails ? palette["fail-tint"] : palette.card, loud ? palette[worst] : palette["card-line"], (loud ? 1.5 : 1) * px, 10 * px);
  const pad = Math.min(CARD_PAD_PX * px, w * 0.1), text = CARD_TEXT_PX * px, markRoom = 18 * px;
  if (w * scale > 56 && h * scale > 18) {
    const twoLines = h * scale > 44, base = y + Math.min(h / 2 + text * 0.36, twoLines ? pad + text : Infinity);
    context.font = `600 ${text}px ${palette.sans}`;
    context.fillStyle = worst === "idle" ? palette["text-3"] : palette.text;
    context.fillText(fitted(context, plain(app.name), w - 2 * pad - markRoom), x + pad, base);
    context.font = `400 ${text}px ${palette.sans}`;
    context.fillStyle = palette["text-2"];
    const line = `${totals.count} nodes · ${shortNumber(totals.rate)}/s`;
    if (twoLines) context.fillText(fitted(context, line, w - 2 * pad), x + pad, base + 17 * px);
    if (h * scale > 64) paintCounts(context, totals, [x + pad, base + 36 * px, w - 2 * pad], palette, px);
  }
  if (w * scale > 20) paintMark(context, worst, x + w - pad - 5 * px, y + Math.min(h / 2, pad + 5 * px), palette, px);
}

/** What is wrong, as much of it as there is room for. */
function paintCounts(context, { states }, [x, y, room], palette, px) {
  const text = PROBLEMS.filter(([state]) => states[state]).map(([state, word]) => [state, `${states[state]} ${word}`]);
  context.font = `600 ${CARD_TEXT_PX * px}px ${palette.sans}`;
  let left = x;
  for (const [state, said] of text) {
    const width = widthOf(context, said);
    if (left + width > x + room) return;
    context.fillStyle = palette[`${state}-text`];
    context.fillText(said, left, y);
    left += width + 10 * px;
  }
}

function fillBox(context, [x, y, w, h], fill, line, width, round = ROUND) {
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(round, w / 2, h / 2));
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = width;
  context.strokeStyle = line;
  context.stroke();
}

/* AppPainter: the box around an app's nodes. */
import { WORDS } from "./icons.js";
import { shortNumber } from "./numbers.js";
import { paintMark } from "./mark_painter.js";
import { fitted, plain, widthOf } from "./text_fit.js";

const PROBLEMS = ["fail", "warn", "wait"].map((state) => [state, WORDS[state]]);
const ROUND = 16;
/** Where the header's text stands in the box. */
const HEADER_LEFT = 16;
const HEADER_BASE = 25;
/** The room of the chevron before it. */
const CHEVRON = 14;

/** The soft box with name, version, what is wrong, and its rate. */
export function paintAppBox(context, app, totals, { palette, scale }) {
  const [x, y, w, h] = app.box;
  for (const annex of app.annexes ?? []) paintAnnex(context, app, annex, { palette, scale });
  fillBox(context, app.box, palette.box, palette["box-line"], 1);
  // Below 60 % the header's text grows, so that it is still read.
  const size = Math.max(13, 11 / scale), unit = size / 13, font = (weight, px = size) => `${weight} ${px}px ${palette.sans}`;
  const base = y + HEADER_BASE + (size - 13) * 0.2;
  paintChevron(context, [x + HEADER_LEFT, base - size * 0.5], unit, palette);
  context.font = font(600);
  const start = x + HEADER_LEFT + CHEVRON * unit, name = fitted(context, plain(app.name), x + w - HEADER_LEFT - start);
  context.fillStyle = palette.text;
  context.fillText(name, start, base);
  let left = start + widthOf(context, name) + unit * 6;
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

/** What is open can be folded: down. */
function paintChevron(context, [x, y], unit, palette) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 3.5 * unit, y + 3.5 * unit);
  context.lineTo(x + 7 * unit, y);
  context.lineWidth = 1.5 * unit;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = palette["text-3"];
  context.stroke();
}

/** A further box of an app: its name, and that it goes on here. */
function paintAnnex(context, app, box, { palette, scale }) {
  const [x, y, w] = box, size = Math.max(13, 11 / scale);
  fillBox(context, box, palette.box, palette["box-line"], 1);
  context.font = `400 ${size}px ${palette.sans}`;
  context.fillStyle = palette["text-3"];
  context.fillText(fitted(context, `${plain(app.name)}, continued`, w - 2 * HEADER_LEFT), x + HEADER_LEFT, y + HEADER_BASE + (size - 13) * 0.2);
}

/** A rounded box, filled and lined. */
export function fillBox(context, [x, y, w, h], fill, line, width, round = ROUND) {
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(round, w / 2, h / 2));
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = width;
  context.strokeStyle = line;
  context.stroke();
}

/*
 * AppCard: an app from afar: one card in the place of its box, its text at screen size, with as much of it as there is room
 * for: name and health; then counts, what is wrong and rate; then how the last quarter of an hour went, in beats.
 */
import { fillBox } from "./app_painter.js";
import { paintBeats } from "./beats_painter.js";
import { paintFlag } from "./flag_painter.js";
import { WORDS } from "./icons.js";
import { paintMark } from "./mark_painter.js";
import { rateText } from "./numbers.js";
import { tn } from "./text.js";
import { fitted, plain, widthOf } from "./text_fit.js";

const PROBLEMS = ["fail", "warn", "wait"];
const TEXT_PX = 12, PAD_PX = 12, ROUND_PX = 10, MARK_PX = 14;
/** Smaller cards have no name, lower ones no second line and no beats: CSS pixels. */
const NAMED = { width: 56, height: 18 }, COUNTED_PX = 48, BEATEN = { width: 130, height: 70 };
const BEATS_PX = 18;

/** look: {palette, scale, beats: of this app, or undefined, finding: the gravest of the linter's on its nodes, or ""}. */
export function paintAppCard(context, app, totals, { palette, scale, beats, finding }) {
  const [x, y, w, h] = app.box, { worst } = totals;
  context.save();
  // From here on in screen pixels, the card's left top is 0, 0.
  context.translate(x, y);
  context.scale(1 / scale, 1 / scale);
  const card = { width: w * scale, height: h * scale }, isLoud = PROBLEMS.includes(worst);
  if (card.width < NAMED.width || card.height < NAMED.height) paintSpot(context, card, worst, palette);
  else {
    const fill = worst === "fail" ? palette["fail-tint"] : palette.card;
    context.globalAlpha = worst === "idle" ? 0.6 : 1;
    fillBox(context, [0, 0, card.width, card.height], fill, isLoud ? palette[worst] : palette["card-line"], isLoud ? 1.5 : 1, ROUND_PX);
    context.globalAlpha = 1;
    paintText(context, card, { app, totals, palette, beats });
    if (finding) paintFlag(context, [0, 0], finding, palette);
  }
  context.restore();
}

/** Too small for words: its state as a spot, with its mark where that is still one. */
function paintSpot(context, { width, height }, state, palette) {
  const isLoud = PROBLEMS.includes(state), fill = isLoud ? palette[state] : palette[`${state}-tint`];
  fillBox(context, [0, 0, width, height], fill, isLoud ? palette[state] : palette["card-line"], 1, Math.min(4, height / 3));
  const size = Math.min(1, (height - 4) / MARK_PX);
  if (!isLoud || size < 0.4) return;
  context.fillStyle = palette.card;
  context.beginPath();
  context.arc(width / 2, height / 2, (size * MARK_PX) / 2 + 1.5, 0, 2 * Math.PI);
  context.fill();
  paintMark(context, state, width / 2, height / 2, palette, size);
}

function paintText(context, card, { app, totals, palette, beats }) {
  const { width, height } = card, isCounted = height >= COUNTED_PX, hasBeats = beats && height >= BEATEN.height && width >= BEATEN.width;
  const room = width - 2 * PAD_PX, base = isCounted ? PAD_PX + TEXT_PX : height / 2 + TEXT_PX * 0.36, font = (weight) => `${weight} ${TEXT_PX}px ${palette.sans}`;
  context.font = font(600);
  context.fillStyle = totals.worst === "idle" ? palette["text-3"] : palette.text;
  const name = fitted(context, plain(app.name), room - MARK_PX - 6), right = PAD_PX + widthOf(context, name) + 6, version = plain(app.version);
  context.fillText(name, PAD_PX, base);
  paintMark(context, totals.worst, width - PAD_PX - 5, base - TEXT_PX * 0.36, palette);
  context.font = font(400);
  context.fillStyle = palette["text-3"];
  if (right + widthOf(context, version) < width - PAD_PX - MARK_PX - 6) context.fillText(version, right, base);
  if (hasBeats) paintBeats(context, beats, [PAD_PX, base + 9, room, BEATS_PX], palette);
  if (isCounted) paintCounts(context, totals, { left: PAD_PX, right: width - PAD_PX, base: base + (hasBeats ? BEATS_PX + 27 : 20), palette, font });
}

/** What is wrong, or else what there is, and on the right how much it does. */
function paintCounts(context, totals, { left, right, base, palette, font }) {
  const rate = rateText(totals.rate), end = right - widthOf(context, rate) - 8, quiet = palette["text-2"];
  context.fillStyle = palette["text-2"];
  context.fillText(rate, right - widthOf(context, rate), base);
  const wrong = PROBLEMS.filter((state) => totals.states[state]).map((state) => [`${totals.states[state]} ${WORDS[state]}`, palette[`${state}-text`], 600]);
  const there = [totals.events && tn("{count} event", "{count} events", totals.events), totals.streams && tn("{count} stream", "{count} streams", totals.streams)].filter(Boolean).map((text) => [text, quiet, 400]);
  for (const [text, colour, weight] of wrong.length ? wrong : there) {
    context.font = font(weight);
    if (left + widthOf(context, text) > end) return;
    context.fillStyle = colour;
    context.fillText(text, left, base);
    left += widthOf(context, text) + 10;
  }
}

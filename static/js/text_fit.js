/* TextFit: texts on the canvas, measured once and cut in the middle when nothing else helps. */

const ELLIPSIS = "…";
/** Names are few and come back with every frame; past this many the cache starts anew. */
const MAX_CACHED = 5000;
const widths = new Map();

/** Width of a text in the context's font, CSS pixels. */
export function widthOf(context, text) {
  const key = `${context.font}\n${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > MAX_CACHED) widths.clear();
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/** The text, or its ends with … between: both tell names apart. */
export function fitted(context, text, room) {
  if (widthOf(context, text) <= room) return text;
  const chars = [...text];
  let [low, high] = [0, chars.length - 1];
  while (low < high) {
    const keep = Math.ceil((low + high) / 2);
    if (widthOf(context, cut(chars, keep)) <= room) low = keep;
    else high = keep - 1;
  }
  return low ? cut(chars, low) : ELLIPSIS;
}

/** Draw the first of some lines that fits from (x, y); a line is [text, colour, weight] parts, one after the other. */
export function drawLine(context, lines, x, y, { room, font }) {
  const measured = (line) => line.map(([text, colour, weight]) => {
    context.font = font(weight);
    return { text, colour, weight, width: widthOf(context, text) };
  });
  const all = lines.map(measured), fits = (line) => line.reduce((sum, { width }) => sum + width, 0) <= room;
  let left = x;
  for (const { text, colour, weight, width } of all.find(fits) ?? all.at(-1)) {
    context.font = font(weight);
    context.fillStyle = colour;
    context.fillText(text, left, y);
    left += width;
  }
}

/** Names are what other people wrote: controls and direction overrides are shown, not obeyed. */
export function plain(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
}

function cut(chars, keep) {
  const head = Math.ceil(keep / 2);
  return chars.slice(0, head).join("") + ELLIPSIS + (keep - head ? chars.slice(head - keep).join("") : "");
}

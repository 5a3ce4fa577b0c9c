/*
 * FindWords: what somebody types in the find box, cut into words. Each knows where it stands, so that an error is shown
 * in its place.
 */

const OPERATORS = ["!=", "!~", ">=", "<=", "=", "~", ">", "<", ":"];
const PARTS = /\s+|"[^"]*"?|!=|!~|>=|<=|[=~><:!(),]|[^\s"=~><:!(),]+/gy;

/** [{text, kind: "word" | "quoted" | "op" | "mark", at, end}]; a mark is one of ! ( ) ,. Reads anything. */
export function findWords(text) {
  return [...text.matchAll(PARTS)].map(({ 0: part, index: at }) => wordOf(part, at)).filter(Boolean);
}

function wordOf(part, at) {
  const place = { at, end: at + part.length };
  if (!part.trim()) return null;
  if (part[0] === '"') return { ...place, kind: "quoted", text: part.slice(1).replace(/"$/, "") };
  if (OPERATORS.includes(part)) return { ...place, kind: "op", text: part };
  return { ...place, kind: "!(),".includes(part) ? "mark" : "word", text: part };
}

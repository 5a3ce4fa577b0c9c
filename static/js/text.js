/*
 * Text: what the page says, in the reader's language. The catalogue comes with the page (visualizer/interfaces/
 * browser_texts.py); what it does not hold is said in English.
 */

const catalog = JSON.parse(globalThis.document?.getElementById("texts")?.textContent ?? "{}");

/** The text, with {name} replaced by values.name. */
export function t(text, values = {}) {
  return filled(catalog[text] ?? text, values);
}

/** One of two texts, by a number that stands in both as {count}. */
export function tn(one, many, count, values = {}) {
  const [translatedOne, translatedMany] = catalog[one] ?? [one, many];
  return filled(count === 1 ? translatedOne : translatedMany, { count, ...values });
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

/*
 * Later: modules that are loaded when somebody asks for them, not with the page.
 *
 * Browsers remember for as long as a page lives that a module could not be had. So it is fetched first, with all it imports,
 * into the browser's cache, which keeps it for ever, and import() takes it from there: who was refused may ask again.
 */
import { t } from "./text.js";

/** Longer than that nobody waits. */
const AWAY_AFTER_MS = 10_000;
const IMPORTED = /\bfrom ?"(\.\/\w+\.js)"/g;

const asked = new Map();

/** The module "./x.js". Throws an Error with a text for people when it cannot be had; then it may be asked for again. */
export function later(name) {
  if (!asked.has(name)) asked.set(name, load(name).catch((error) => { asked.delete(name); throw error; }));
  return asked.get(name);
}

async function load(name) {
  await fetchAll(name, new Set());
  return import(name);
}

async function fetchAll(name, seen) {
  if (seen.has(name)) return;
  seen.add(name);
  const names = [...(await textOf(name)).matchAll(IMPORTED)].map(([, other]) => other);
  await Promise.all(names.map((other) => fetchAll(other, seen)));
}

async function textOf(name) {
  let answer;
  try {
    answer = await fetch(import.meta.resolve(name), { signal: AbortSignal.timeout(AWAY_AFTER_MS) });
    if (answer.ok) return await answer.text();
  } catch {
    throw new Error(t("the server does not answer; it is asked again"));
  }
  throw new Error(t("the server answers {status}; if it has been updated, reload the page", { status: answer.status }));
}

/*
 * Folding: which apps are drawn as one card instead of their nodes. From afar all are; in a large graph those with nothing
 * wrong are until one comes near or opens them. Nothing ever moves for it: a card lies where the app's box lies.
 */

/** Below it nodes are spots no one can point at. */
export const CARDS_BELOW = 0.12;
/** Below it names would be smaller than 5 px: a large graph is clearer as cards. */
export const NODES_FROM = 0.35;
/** Below it numbers would be smaller than 7 px, however they are written. */
export const NUMBERS_FROM = 0.44;
/** From here on nodes are drawn as they are meant to be, with tile and numbers. */
export const FULL_FROM = 0.6;

/** How nodes are drawn at a distance, see node_painter.js. */
export function detailAt(scale) {
  if (scale >= FULL_FROM) return "full";
  if (scale >= NUMBERS_FROM) return "brief";
  return scale >= NODES_FROM ? "name" : "far";
}

/** A graph with more shown nodes is large. */
export const LARGE = 60;
const PROBLEMS = ["fail", "warn", "wait"];

/**
 * The keys of the folded apps.
 *
 * opened, shut: what somebody has decided, sets of keys. pinned: key of the selected node's app. worstOf(app): its
 * worst state.
 */
export function foldedApps(apps, { scale, count, opened, shut, pinned, worstOf }) {
  const folded = new Set();
  for (const app of apps) {
    const { key } = app;
    if (scale < CARDS_BELOW) folded.add(key);
    else if (key === pinned || opened.has(key)) continue;
    else if (shut.has(key)) folded.add(key);
    else if (count > LARGE && scale < NUMBERS_FROM && !PROBLEMS.includes(worstOf(app))) folded.add(key);
  }
  return folded;
}

/* Frames (parts): a file holds one moment, or frames that are replayed as elsewhere; it is never of now. */
import { replay } from "../replay_part.js";
import { moments } from "./browser.js";

/** One frame alone has nothing to play. */
export function frames(page) {
  if (moments.count > 1) replay(page);
}

/** Whatever leads back to now elsewhere: here there is none. */
export function stayThen({ state, feed, followers }) {
  followers.push(() => {
    if (!state.at_time) state.set({ at_time: String(feed.then || moments.firstS) });
  });
}

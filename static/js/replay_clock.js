/*
 * ReplayClock: at which time a replay is, and which frame is due then. Pure: the clock on the wall comes in.
 *
 * It stands still while nothing is there to show, and while nobody looks: what was not seen is not skipped.
 */

/** How many times faster than it was. */
export const SPEEDS = [1, 5, 15, 60];
/** Longer than this between two ticks nobody has looked, ms. */
const MOST_MS = 500;

export class ReplayClock {
  /** The time that is shown, unix seconds; whether it goes on; one of SPEEDS. */
  atS = 0; runs = false; speed = SPEEDS[2];

  #tickedAt = null;

  /** Be at another time. */
  seek(atS) {
    this.atS = atS;
    this.#tickedAt = null;
  }

  run(runs) {
    this.runs = runs;
    this.#tickedAt = null;
  }

  /** One faster (by = 1) or slower (−1). */
  change(by) {
    this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(this.speed) + by))];
  }

  /** nowMs: the clock on the wall. endS: up to when there is something to show. Returns the time it is. */
  tick(nowMs, endS) {
    const tookMs = this.#tickedAt === null ? 0 : nowMs - this.#tickedAt;
    this.#tickedAt = nowMs;
    if (this.runs) this.atS = Math.max(this.atS, Math.min(endS, this.atS + (Math.min(MOST_MS, Math.max(0, tookMs)) / 1000) * this.speed));
    return this.atS;
  }
}

/** Place of the frame that is shown at a time: the newest that had come; −1 before the first. */
export const dueFrame = (frames, atS) => frames.findLastIndex((frame) => frame.at_s <= atS);

/** Which of the marks began, or were over, after one time and until another: [{mark, over}] in their order. */
export function passedMarks(marks, fromS, untilS) {
  const isPassed = (s) => s > fromS && s <= untilS;
  const begun = marks.filter((mark) => isPassed(mark.at_s)).map((mark) => ({ mark, atS: mark.at_s, over: false }));
  const over = marks.filter((mark) => mark.kind === "incident" && isPassed(mark.until_s)).map((mark) => ({ mark, atS: mark.until_s, over: true }));
  return [...begun, ...over].sort((a, b) => a.atS - b.atS);
}

/*
 * ReplayFilm: the frames of a replay, asked for ahead of the one that is shown (visualizer/interfaces/replay.py), so that it does
 * not wait for the server. Knows nothing of the page.
 */
import { dueFrame } from "./replay_clock.js";

/** So much is there ahead of what is shown, seconds on the wall at any speed. */
const AHEAD_S = 8;
/** What has not come, or has nothing new, is asked for again after this. */
const AGAIN_MS = 1000;

export class ReplayFilm {
  /** What happened in the time that was asked for. */
  marks = [];
  /** Why there is no more of it, "" while nothing is wrong; whether it is asked for again. */
  why = ""; isAway = false;

  #frames = []; #ask; #shown = -1; #stepS = 0; #newestS = 0; #askedAt = -Infinity; #told = 0; #turn = 0;

  /** ask(fromS): what the server tells, as answered.js has it. */
  constructor(ask) {
    this.#ask = ask;
  }

  /** Begin anew at another time, or in another view. */
  cut() {
    [this.#frames, this.#shown, this.marks, this.why, this.#newestS, this.#askedAt] = [[], -1, [], "", 0, -Infinity];
    this.#turn++;
  }

  /** Up to when there is something to show, unix seconds. */
  get endS() {
    return this.#frames.length ? this.#frames.at(-1).at_s + this.#stepS : 0;
  }

  /** Whether all that is kept was shown at this time. */
  isOver(atS) {
    const last = this.#frames.at(-1)?.at_s ?? 0;
    return this.#newestS > 0 && last <= atS && (!last || last >= this.#newest());
  }

  /** The frames that have become due since the last time, in their order. */
  due(atS) {
    const at = dueFrame(this.#frames, atS), due = this.#frames.slice(this.#shown + 1, at + 1);
    this.#shown = Math.max(this.#shown, at);
    return due;
  }

  /** Ask for more where it will be wanted soon. */
  async want(atS, speed, nowMs) {
    const last = this.#frames.at(-1), fromS = last ? last.at_s : atS;
    if (last && (fromS - atS > AHEAD_S * speed || fromS >= this.#newest()) || nowMs - this.#askedAt < AGAIN_MS) return;
    // Until it is answered.
    this.#askedAt = Infinity;
    const turn = this.#turn;
    const told = await this.#ask(fromS);
    if (turn !== this.#turn) return;
    [this.why, this.isAway] = [told.why ?? "", Boolean(told.isAway)];
    this.#askedAt = told.frames?.length > 1 ? -Infinity : performance.now();
    if (told.frames) this.#take(told);
  }

  #take({ frames, marks, step_s: stepS, newest_s: newestS }) {
    [this.#stepS, this.#newestS, this.#told] = [stepS, newestS, performance.now()];
    const known = new Set(this.marks.map(nameOf));
    this.marks.push(...marks.filter((mark) => !known.has(nameOf(mark))));
    // The first one is the last that is there already, whole: what follows builds on it.
    this.#frames.push(...frames);
    const gone = Math.max(0, this.#shown);
    this.#frames.splice(0, gone);
    this.#shown -= gone;
  }

  /** The newest time of which there is a frame by now. */
  #newest() {
    return this.#newestS + Math.floor((performance.now() - this.#told) / 1000 / this.#stepS) * this.#stepS;
  }
}

const nameOf = ({ href, at_s: atS }) => `${href} ${atS}`;

/*
 * DeltaQueue: deltas wait here for the next frame, so that what comes together is drawn together. Nobody sees a hidden
 * page: four times a second will do there.
 */
const HIDDEN_EVERY_MS = 250;
/** A page that is said to be seen but gets no frames. */
const NO_FRAME_MS = 1000;

export class DeltaQueue {
  #waiting = []; #onDeltas; #asked = false; #waitsSince = 0; #takenAt = -Infinity;

  /** onDeltas(deltas): take them in, in their order. */
  constructor(onDeltas) {
    this.#onDeltas = onDeltas;
    document.addEventListener("visibilitychange", () => this.#flush());
  }

  add(delta) {
    if (!this.#waiting.length) this.#waitsSince = performance.now();
    this.#waiting.push(delta);
    this.look();
    if (document.hidden || this.#asked || !this.#waiting.length) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#flush();
    });
  }

  /** To be called with every message: a hidden page gets no frames, and its timers sleep. */
  look() {
    const dueAt = document.hidden ? this.#takenAt + HIDDEN_EVERY_MS : this.#waitsSince + NO_FRAME_MS;
    if (performance.now() >= dueAt) this.#flush();
  }

  #flush() {
    if (!this.#waiting.length) return;
    this.#takenAt = performance.now();
    this.#onDeltas(this.#waiting.splice(0));
  }
}

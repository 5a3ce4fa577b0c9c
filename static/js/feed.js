/*
 * Feed: from the socket's messages to the graph. Acknowledges, notices gaps, asks for a resync, holds while paused.
 */
import { DeltaQueue } from "./delta_queue.js";
import { Socket } from "./socket.js";

/** Beats in a row that may be ahead of us: the delta they count may still be on its way. */
const BEATS_BEHIND = 2;
/** Deltas are acknowledged by the beat, and when there are so many (visualizer/interfaces/viewer.py). */
const ACKNOWLEDGE_EVERY = 4;

export class Feed {
  /** The last beat, or null before the first. */
  beat = null;
  /** The server's clock when it was last heard, unix seconds; 0 before. */
  heard = 0;
  /** The time whose picture is shown instead of that of now, unix seconds; 0 for now. Meanwhile nothing is taken in. */
  then = 0;
  /** Called with what changed, before it is drawn. */
  hears = [];

  #graph; #onChange; #beatsBehind = 0; #awaitsReset = false; #taken = 0; #acknowledged = 0;

  /** onChange(change): the graph changed. onPhase(): the line's phase changed. onBeat(): proof of life. */
  constructor({ graph, state, path, onChange, onBeat, onPhase }) {
    this.#graph = graph;
    this.#onChange = onChange;
    this.state = state;
    const queue = new DeltaQueue((deltas) => this.#take(deltas));
    this.socket = new Socket({
      url: () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}?view=${encodeURIComponent(state.view)}`,
      onMessage: (message) => {
        this.heard = message.at;
        if (message.type === "delta") queue.add(message);
        queue.look();
        if (message.type === "beat") this.#beat(message);
        onBeat();
      },
      onPhase,
      onRefused: reloadIfSignedOut,
    });
  }

  /** The paused picture is let go: ask for the one of now. */
  resume() {
    this.#awaitsReset = false;
    this.#resync();
  }

  /** Another view: another picture. */
  changeView() {
    this.#awaitsReset = false;
    this.socket.reopen();
  }

  /** Deltas of one frame: one change of the picture. */
  #take(deltas) {
    const change = { structure: false, updated: new Set(), pulsed: new Set() };
    const changes = deltas.map((delta) => this.#apply(delta)).filter(Boolean);
    for (const changed of changes) {
      change.structure ||= changed.structure;
      for (const what of ["updated", "pulsed"]) for (const id of changed[what]) change[what].add(id);
    }
    const { seq, reset } = deltas.at(-1);
    this.#taken = seq;
    if (reset || seq - this.#acknowledged >= ACKNOWLEDGE_EVERY) this.#acknowledge();
    if (!changes.length) return;
    for (const hear of this.hears) hear(change);
    this.#onChange(change);
  }

  /** Returns what changed, null where the delta is of no use. */
  #apply(delta) {
    if (this.#holds() || (delta.reset && delta.view !== this.state.view)) return null;
    if (!this.#graph.fits(delta)) {
      this.#resync();
      return null;
    }
    if (delta.reset) this.#awaitsReset = false;
    return this.#graph.apply(delta);
  }

  #acknowledge() {
    this.#acknowledged = this.#taken;
    this.socket.send({ type: "ack", seq: this.#taken });
  }

  #beat(beat) {
    this.beat = beat;
    if (this.#taken !== this.#acknowledged) this.#acknowledge();
    const behind = beat.hub !== this.#graph.hub || beat.seq > this.#graph.seq;
    this.#beatsBehind = behind ? this.#beatsBehind + 1 : 0;
    if (this.#beatsBehind >= BEATS_BEHIND && !this.#holds()) {
      this.#beatsBehind = 0;
      this.#awaitsReset = false;
      this.#resync();
    }
  }

  /** A paused page keeps its picture, but a page that has none, or that of another view, takes one first. */
  #holds() {
    return this.then > 0 || this.state.paused && this.#graph.hub !== "" && this.#graph.view === this.state.view;
  }

  #resync() {
    if (this.#awaitsReset) return;
    this.#awaitsReset = true;
    this.socket.send({ type: "resync" });
  }
}

/** Without a session the page's own address leads to the sign-in page: go there, and come back after it. */
async function reloadIfSignedOut() {
  try {
    const answer = await fetch(location.href, { method: "HEAD", redirect: "manual" });
    if (answer.type === "opaqueredirect") location.reload();
  } catch {
    // No server, no answer: the chip says so.
  }
}

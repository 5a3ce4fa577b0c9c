/*
 * Feed: from the socket's messages to the graph. Acknowledges, notices gaps, asks for a resync, holds while paused.
 */
import { Socket } from "./socket.js";

/** Beats in a row that may be ahead of us: the delta they count may still be on its way. */
const BEATS_BEHIND = 2;

export class Feed {
  /** The last beat, or null before the first. */
  beat = null;
  /** The server's clock when it was last heard, unix seconds; 0 before. */
  heard = 0;

  /** Called with what changed, before it is drawn. */
  hears = [];

  #graph; #onChange; #beatsBehind = 0; #awaitsReset = false;

  /** onChange(change): the graph changed. onPhase(): the line's phase changed. onBeat(): proof of life. */
  constructor({ graph, state, path, onChange, onBeat, onPhase }) {
    this.#graph = graph;
    this.#onChange = onChange;
    this.state = state;
    this.socket = new Socket({
      url: () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}?view=${encodeURIComponent(state.view)}`,
      onMessage: (message) => {
        this.heard = message.at;
        if (message.type === "delta") this.#take(message);
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

  #take(delta) {
    this.socket.send({ type: "ack", seq: delta.seq });
    if (this.#holds()) return;
    if (delta.view !== this.state.view) return;
    if (!this.#graph.fits(delta)) {
      this.#resync();
      return;
    }
    if (delta.reset) this.#awaitsReset = false;
    const change = this.#graph.apply(delta);
    for (const hear of this.hears) hear(change);
    this.#onChange(change);
  }

  #beat(beat) {
    this.beat = beat;
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
    return this.state.paused && this.#graph.hub !== "" && this.#graph.view === this.state.view;
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

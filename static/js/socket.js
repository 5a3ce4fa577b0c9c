/*
 * Socket: the line to the server, and the one place that knows whether it is alive.
 *
 * A server that is stopped closes the line; a server that is frozen says nothing. Both end in the same: after SILENCE_MS
 * without a message the line counts as lost, and is opened again after a jittered, growing pause.
 */

/** Three beats of 0.5 s and a little: one late beat is no loss, and people hear of a loss within 2 s. */
export const SILENCE_MS = 1600;
/** The server closes with it when the session is over (visualizer/interfaces/graph_socket.py). */
const SIGNED_OUT = 4401;
/** A frozen server takes the connection and never answers. */
const OPEN_TIMEOUT_MS = 3000;
const LOOK_EVERY_MS = 100;
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 8000;

export class Socket {
  /** "connecting" (first time) | "alive" | "waiting" (until retryAt) | "retrying". */
  phase = "connecting";
  /** performance.now() of the next attempt while "waiting". */
  retryAt = 0;

  #url; #onMessage; #onPhase; #onRefused; #random; #socket = null; #failures = 0; #heardAt = 0; #openedAt = 0;

  /** url: () → address of the next attempt. onMessage(message): parsed. onPhase(): the phase changed. onRefused(): perhaps signed out. */
  constructor({ url, onMessage, onPhase, onRefused, random = Math.random }) {
    this.#url = url;
    this.#onMessage = onMessage;
    this.#onPhase = onPhase;
    this.#onRefused = onRefused;
    this.#random = random;
    setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#open();
  }

  /** Try at once, whatever the pause. */
  retry() {
    if (this.phase !== "alive") this.#open();
  }

  /** Leave this line and open a new one, with the address of now. */
  reopen() {
    this.#failures = 0;
    this.#open();
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #open() {
    this.#drop();
    const socket = new WebSocket(this.#url());
    this.#socket = socket;
    this.#openedAt = performance.now();
    socket.onmessage = ({ data }) => {
      this.#heardAt = performance.now();
      this.#failures = 0;
      this.#enter("alive");
      this.#onMessage(JSON.parse(data));
    };
    socket.onclose = ({ code }) => {
      // A refused handshake looks like any other failure: whoever can ask the server finds out.
      if (code === SIGNED_OUT || this.#pending()) this.#onRefused();
      this.#lose();
    };
    if (this.phase === "waiting") this.#enter("retrying");
  }

  #look() {
    const now = performance.now();
    if (this.phase === "alive" && now - this.#heardAt > SILENCE_MS) this.#lose();
    else if (this.phase === "waiting" && now >= this.retryAt) this.#open();
    else if (this.#pending() && now - this.#openedAt > OPEN_TIMEOUT_MS) this.#lose();
  }

  #pending() {
    return this.phase === "connecting" || this.phase === "retrying";
  }

  #lose() {
    this.#drop();
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
    // Between half and all of it: a thousand pages must not come back in the same instant.
    this.retryAt = performance.now() + longest * (0.5 + this.#random() / 2);
    this.#enter("waiting");
  }

  /** A closing socket may linger for a minute: nobody listens to it any more. */
  #drop() {
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #enter(phase) {
    if (this.phase === phase) return;
    this.phase = phase;
    this.#onPhase();
  }
}

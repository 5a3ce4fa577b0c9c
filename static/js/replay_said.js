/* ReplaySaid: what a replay says by the way: what happened, and where it has arrived. Each stands for a while. */
import { el, setText } from "./dom.js";
import { LensChip } from "./lens_chip.js";
import { t } from "./text.js";

const SAID_MS = 8000;

export class ReplaySaid {
  /** Where it stands what happened. */
  passed = el("span", { class: "passed", role: "status" });

  #note = new LensChip({ label: t("Replay"), leave: () => this.#hush() });
  #until = 0;

  /** Something happened at the time that is shown. */
  happened(text) {
    setText(this.passed, text);
    this.#until = performance.now() + SAID_MS;
  }

  /** Beside the graph, whatever time it is of. */
  note(text) {
    this.#note.show({ name: "", said: text });
    this.#until = performance.now() + SAID_MS;
  }

  /** To be called now and then. */
  look() {
    if (this.#until && performance.now() > this.#until) this.#hush();
  }

  #hush() {
    this.#until = 0;
    this.#note.hide();
    setText(this.passed, "");
  }
}

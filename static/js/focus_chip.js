/* FocusChip: which node is in focus, how far around it, and the way out. */
import { setText } from "./dom.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

export class FocusChip {
  #chip; #name; #hops; #less; #more;

  /** on: {hops(by), leave()}. */
  constructor({ chip, on }) {
    this.#chip = chip;
    [this.#name, this.#hops, this.#less, this.#more] = ["name", "hops", "less", "more"].map((name) => chip.querySelector(`#focus-${name}`));
    this.#less.addEventListener("click", () => on.hops(-1));
    this.#more.addEventListener("click", () => on.hops(1));
    chip.querySelector("#focus-leave").addEventListener("click", () => on.leave());
  }

  /** id: in focus, "" for none. node: what has this id now; undefined when this view has no such thing. */
  show({ id, node, hops, most }) {
    this.#chip.hidden = !id;
    setText(this.#name, plain(node?.name ?? id));
    setText(this.#hops, node ? `± ${hops}` : t("is not in this view"));
    this.#less.disabled = hops <= 1;
    this.#more.disabled = hops >= most;
  }
}

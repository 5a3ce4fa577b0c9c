/* ChipView: the freshness chip. Its elements stay; a screen reader hears of it only when the situation changes. */
import { el, mark, setText } from "./dom.js";
import { spoken } from "./freshness.js";
import { t } from "./text.js";

export class ChipView {
  #chips; #said;

  /** chips: elements to fill alike; said: the polite live region. */
  constructor({ chips, said, onRetry }) {
    this.#said = said;
    this.#chips = chips.map((chip) => {
      const parts = { chip, mark: el("span", {}), strong: el("b", {}), first: el("span", { class: "part" }), more: el("span", { class: "part more" }), was: "" };
      parts.sep = el("span", { class: "sep" });
      parts.moreSep = el("span", { class: "sep more" });
      parts.retry = el("button", { type: "button", onclick: onRetry }, t("Try now"));
      chip.replaceChildren(parts.mark, parts.strong, parts.sep, parts.first, parts.moreSep, parts.more, parts.retry);
      return parts;
    });
  }

  show(freshness) {
    setText(this.#said, spoken(freshness));
    for (const parts of this.#chips) this.#fill(parts, freshness);
  }

  #fill(parts, { kind, mark: state, strong, parts: [first = "", more = ""], retry }) {
    if (parts.was !== state + kind) {
      parts.was = state + kind;
      parts.chip.className = `chip ${kind}${state === "warn" ? " warn" : ""}`;
      parts.mark.replaceChildren(mark(state));
    }
    for (const [name, text] of [["strong", strong], ["first", first], ["more", more]]) {
      setText(parts[name], text);
      parts[name].hidden = !text;
    }
    parts.first.title = first;
    parts.sep.hidden = !strong || !first;
    parts.moreSep.hidden = !more;
    parts.retry.hidden = !retry;
  }
}

/* EmptyView: the card beside the graph that says why there is nothing, and what to do. */
import { el, icon, setText } from "./dom.js";
import { t } from "./text.js";

export class EmptyView {
  #home; #narrowHome; #onClear; #card = null; #key = ""; #narrow = matchMedia("(max-width: 640px)");

  /** home: where it floats; narrowHome: where it stands on a phone. */
  constructor({ home, narrowHome, onClear }) {
    this.#home = home;
    this.#narrowHome = narrowHome;
    this.#onClear = onClear;
  }

  /** Width the graph leaves free for it, CSS pixels. */
  get room() {
    return this.#card && !this.#card.classList.contains("alone") ? this.#card.offsetWidth + 40 : 0;
  }

  /** Show a state of empty_state.js, or nothing. Returns whether the card came, went or changed. */
  show(state) {
    const key = JSON.stringify(state);
    if (key === this.#key) return false;
    this.#key = key;
    this.#card?.remove();
    this.#card = state && this.#build(state);
    if (this.#card) (this.#narrow.matches ? this.#narrowHome : this.#home).prepend(this.#card);
    return true;
  }

  #build({ title, text, evidence = [], copy = [], action, foot, alone, icon: name }) {
    const lines = [
      ...evidence.map(([label, value]) => el("div", {}, el("span", {}, label), el("b", { class: "num" }, value))),
      ...copy.map((line) => el("div", {}, el("code", {}, line))),
    ];
    return el("section", { class: `empty${alone ? " alone" : ""}`, "aria-label": title },
      el("span", { class: "tile-h idle" }, icon(name, 20)),
      el("h2", {}, title), el("p", {}, text),
      lines.length ? el("div", { class: "ev" }, ...lines) : null,
      this.#button(action, copy),
      foot ? el("p", { class: "foot" }, foot) : null);
  }

  #button({ label, href, does }, copy) {
    if (href) return el("a", { class: "btn", href }, label);
    const button = el("button", { class: "btn", type: "button" }, label);
    button.addEventListener("click", async () => {
      if (does === "clear") return this.#onClear();
      try {
        await navigator.clipboard.writeText(copy.join("\n"));
        setText(button, t("Copied"));
      } catch {
        setText(button, t("Mark the text above and copy it"));
      }
    });
    return button;
  }
}

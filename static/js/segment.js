/* Segment: one of a few choices as buttons beside each other (role radiogroup). Arrows choose, Tab passes by. */

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class Segment {
  #buttons;

  /** root: holds the buttons, each with a value. */
  constructor(root, onChoose) {
    this.#buttons = [...root.querySelectorAll("button")];
    for (const button of this.#buttons) button.addEventListener("click", () => onChoose(button.value));
    root.addEventListener("keydown", (event) => {
      if (!STEPS[event.key]) return;
      event.preventDefault();
      // Those that the page's width leaves out cannot be chosen.
      const there = this.#buttons.filter(({ offsetParent }) => offsetParent), place = there.indexOf(event.target.closest("button"));
      const next = there.at((place + STEPS[event.key]) % there.length);
      next.focus();
      onChoose(next.value);
    });
  }

  show(value) {
    for (const button of this.#buttons) {
      button.setAttribute("aria-checked", String(button.value === value));
      button.tabIndex = button.value === value ? 0 : -1;
    }
  }
}

/*
 * TimeBar: what stands above the footer: ranges, runs and failures over the one that is chosen, and what happened in it. Knows
 * nothing of the address or the server.
 */
import { el, setText } from "./dom.js";
import { BACKS } from "./earlier.js";
import { NARROW } from "./narrow.js";
import { Segment } from "./segment.js";
import { t } from "./text.js";
import { TimeList } from "./time_list.js";
import { markButtons } from "./time_marks.js";
import { RANGES, totalText } from "./time_range.js";
import { TimeSlider } from "./time_slider.js";

/** A hand that rests for so long has found what it looked for. */
const RESTS_MS = 700;

export class TimeBar {
  root;
  /** Tells of the marks that somebody asked for. */
  card = el("div", { class: "mark-card", role: "group", "aria-label": t("What happened then"), tabindex: -1, hidden: true });

  #on; #said = el("span", { class: "said" }); #aloud = el("span", { class: "unseen", role: "status" }); #telling = 0; #isNew = true; #marks; #list; #ranges; #against; #slider; #back; #cut;

  /**
   * on: {range(name), span(fromS, untilS), at(unixS), marks(marks, button), then(unixS): the graph as it was, for who has a
   * list of them, against(name), null where nothing is compared}. player: of a replay, where there is one.
   */
  constructor(on, player = null) {
    this.#on = on;
    this.#marks = el("div", { class: "marks", role: "group", "aria-label": t("What happened") });
    this.#list = new TimeList(on.then);
    this.#slider = new TimeSlider({ say: (text, aloud) => this.#say(text, aloud), span: on.span, at: on.at });
    this.#back = el("button", { type: "button", class: "ctl", onclick: () => on.range("1h") }, t("Up to now"));
    this.#cut = el("span", { class: "dim", hidden: true }, t("only the newest marks"));
    const buttons = RANGES.map(({ name, words }) => el("button", { type: "button", role: "radio", value: name }, words));
    const seg = el("div", { class: "seg", role: "radiogroup", "aria-label": t("Range") }, ...buttons);
    this.#ranges = new Segment(seg, on.range);
    const against = el("div", { class: "seg against", role: "radiogroup", "aria-label": t("Compare with") }, ...BACKS.map(({ name, words }) => el("button", { type: "button", role: "radio", value: name }, words)));
    this.#against = new Segment(against, on.against);
    const choice = on.against ? [el("span", { class: "choice" }, t("compared with"), against)] : [];
    this.root = el("section", { class: "time-bar", id: "time-bar", "aria-label": t("Runs, failures and what happened"), hidden: true },
      this.card, el("header", {}, seg, this.#back, player, ...choice, this.#said, this.#aloud, this.#cut), el("div", { class: "lane" }, this.#marks, this.#slider.canvas), this.#list.root);
  }

  /**
   * told: what the server answers; null while it was not heard. range: one of RANGES, or "" for another span. against: one of
   * BACKS (earlier.js). why: what is wrong.
   */
  show(told, { range, against, why = "" }) {
    this.#ranges.show(range);
    this.#against.show(against);
    this.#back.hidden = Boolean(range);
    this.#cut.hidden = !told?.more;
    const held = this.#marks.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    this.#marks.replaceChildren(...(told ? markButtons(told, this.#on.marks) : []));
    if (held) this.markOf(held)?.focus();
    this.#slider.show(told);
    this.#list.show(told);
    // Where there is a list, the slider draws and says nothing.
    const text = why || (told ? NARROW.matches && totalText(told) : t("asking …"));
    if (text) this.#say(text);
    // What comes of its own accord is not said again and again.
    if (why || (told && this.#isNew)) this.#say(this.#said.textContent, true);
    this.#isNew = !told;
  }

  /** Write it, and tell those who do not see it, when it has settled; false: do not tell what was going to be told. */
  #say(text, aloud) {
    setText(this.#said, text);
    if (aloud !== undefined) clearTimeout(this.#telling);
    if (aloud) this.#telling = setTimeout(() => setText(this.#aloud, this.#said.textContent), RESTS_MS);
  }

  /** The graph is shown as it was at a time; 0: as it is. */
  showThen(then) {
    this.#slider.showThen(then);
  }

  /** The button of a mark by its name, where there still is one. */
  markOf(name) {
    return [...this.#marks.children].find((button) => button.getAttribute("aria-label") === name);
  }
}

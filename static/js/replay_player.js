/* ReplayPlayer: the buttons of a replay. Knows neither the time nor the page. */
import { el, svg } from "./dom.js";
import { SPEEDS } from "./replay_clock.js";
import { Segment } from "./segment.js";
import { t } from "./text.js";

const ICONS = { play: "M5.5 3.5v9L12 8z", pause: "M4.5 3.5H7v9H4.5zM9 3.5h2.5v9H9z", back: "m10 4-4 4 4 4", on: "m6 4 4 4-4 4", before: "M4 4v8M11.5 4 7 8l4.5 4z", after: "M12 4v8M4.5 4 9 8l-4.5 4z" };

export class ReplayPlayer {
  root;
  #play; #path; #speeds;

  /** on: {play(), step(by), jump(by), speed(times)}. */
  constructor(on) {
    this.#path = svg("path", {});
    const button = (name, words, key, does) => el("button", { type: "button", "aria-label": words, title: `${words} (${key})`, onclick: does }, picture(svg("path", { d: ICONS[name], class: "line" })));
    this.#play = el("button", { type: "button", class: "go", onclick: on.play }, picture(this.#path));
    const speeds = SPEEDS.map((times) => el("button", { type: "button", role: "radio", value: times }, `${times}×`));
    const seg = el("div", { class: "seg", role: "radiogroup", "aria-label": t("Speed"), title: t("< slower, > faster") }, ...speeds);
    this.#speeds = new Segment(seg, (times) => on.speed(Number(times)));
    this.root = el("div", { class: "player", role: "group", "aria-label": t("Replay") },
      button("before", t("What happened before"), ",", () => on.jump(-1)), button("back", t("A step back"), "←", () => on.step(-1)), this.#play,
      button("on", t("A step on"), "→", () => on.step(1)), button("after", t("What happened after"), ".", () => on.jump(1)), seg);
  }

  /** runs: it goes on. isThen: the graph is of another time, so that there is something to step from. */
  show({ runs, speed, isThen }) {
    const words = runs ? t("Pause") : isThen ? t("Play") : t("Replay this time");
    this.#path.setAttribute("d", runs ? ICONS.pause : ICONS.play);
    this.#play.setAttribute("aria-label", words);
    this.#play.title = isThen ? `${words} (${t("Space")})` : words;
    this.#speeds.show(String(speed));
    for (const button of this.root.querySelectorAll(":scope > button:not(.go)")) button.hidden = !isThen;
  }
}

function picture(path) {
  return svg("svg", { class: "i", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, path);
}

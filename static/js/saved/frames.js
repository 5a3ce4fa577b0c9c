/* Frames (a part): from frame to frame of a saved incident. */
import { el, icon, setText } from "../dom.js";
import { t } from "../text.js";
import { moments } from "./browser.js";

export function frames({ state, keys, followers }) {
  const said = el("span", { class: "num", role: "status" }), at = () => Number(state.at_time);
  const step = (by) => () => state.set({ at_time: String(moments.stepped(at(), by)) });
  const button = (by, name, words) => el("button", { type: "button", class: name, "aria-label": words, title: words, onclick: step(by) }, icon("chevron", 12));

  Object.assign(keys, { ",": step(-1), ".": step(1), " ": () => {} });
  if (moments.count > 1) {
    document.querySelector("footer.time .window").before(el("span", { class: "frames", role: "group", "aria-label": t("Frames") }, button(-1, "back", t("The frame before (,)")), said, button(1, "on", t("The frame after (.)"))));
  }
  followers.push(() => setText(said, t("{place} of {all}", { place: moments.placeAt(at()) + 1, all: moments.count })));
}

/*
 * Undo: what was done by hand, and the way back: a notice for a while, Ctrl Z as long as the page lives. A part of the graph
 * page (parts.js); those that follow it find it as page.undo.
 */
import { setText } from "./dom.js";
import { t } from "./text.js";

const SHOWN_MS = 8000;
const MOST = 50;

export function undo(page) {
  const notice = document.getElementById("undo"), text = notice.querySelector("span"), button = notice.querySelector("button");
  const done = [];
  let timer = 0;

  const show = (said, takesBack) => {
    clearTimeout(timer);
    setText(text, said);
    button.hidden = !takesBack;
    notice.hidden = false;
    timer = setTimeout(hide, SHOWN_MS);
  };
  const hide = () => {
    if (notice.matches(":hover") || notice.contains(document.activeElement)) timer = setTimeout(hide, SHOWN_MS);
    else notice.hidden = true;
  };
  const takeBack = async () => {
    const last = done.pop();
    if (last) show(await last() || t("Undone."), false);
  };

  button.addEventListener("click", takeBack);
  page.keys["Ctrl z"] = takeBack;
  page.undo = {
    /** Something was done. back(): take it back; may answer what to say then. */
    offer(said, back) {
      done.push(back);
      if (done.length > MOST) done.shift();
      show(said, true);
    },
    /** Something to say, and nothing to take back. */
    say: (said) => show(said, false),
  };
}

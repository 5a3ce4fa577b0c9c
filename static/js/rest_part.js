/*
 * RestPart (a part): begins the parts of rest.js, which are loaded once the first picture is drawn and the browser has time; or
 * at once when somebody asks for one of them, who then gets it. Whoever asks while the server is away is told so.
 */
import { later } from "./later.js";
import { LensChip } from "./lens_chip.js";
import { t } from "./text.js";

/** What they are asked by: keys, what is clicked, fields of the address, and what only they draw. */
const KEYS = ["?", "b", "k", "s", "v", "y", ",", ".", "<", ">"];
const CLICKED = "#menu-tour, #menu-keys, #menu-follow-go, #menu-kiosk, #menu-png, #menu-svg, #menu-share, #menu-save, #time-open, [data-blast], [data-follow]";
const FIELDS = ["blast", "changed", "follow", "kiosk", "replay", "time", "against"], DRAWN = "#panel canvas";
/** What has not come by itself, or could not be had, is asked for after that. */
const AGAIN_MS = 5000;

export function rest(page) {
  const { state, feed, keys, leaves, followers } = page, chip = new LensChip({ label: t("Not loaded"), leave: hide });
  const isAsked = () => FIELDS.some((field) => state[field]) || document.querySelector(DRAWN) !== null;
  let triedAt = performance.now(), isDue = true, isTold = false;

  /** Load and begin them; answers whether they have begun. */
  async function begin(asked) {
    triedAt = performance.now();
    const module = page.isWhole || await later("./rest.js").catch(({ message }) => asked && tell(message));
    if (module && !page.isWhole) {
      page.isWhole = true;
      hide();
      document.removeEventListener("click", click, true);
      for (const key of KEYS) delete keys[key];
      for (const part of module.REST) part(page);
    }
    return page.isWhole;
  }

  function tell(why) {
    isTold = true;
    chip.show({ name: "", said: why });
  }

  function hide() {
    isTold = false;
    chip.hide();
  }

  /** It is clicked again as soon as somebody hears it. */
  async function click(event) {
    const found = event.target.closest(CLICKED);
    if (!found || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await begin(true)) found.click();
  }

  page.isWhole = false;
  for (const key of KEYS) keys[key] = async () => await begin(true) && keys[key]?.();
  document.addEventListener("click", click, true);
  leaves.add(() => isTold, hide);
  // The picture is drawn before there is time. Safari knows no idle time.
  const beginWhenIdle = () => {
    if (isDue) (globalThis.requestIdleCallback ?? setTimeout)(() => begin(false));
    isDue = false;
  };
  feed.hears.push(beginWhenIdle);
  followers.push(({ alive }) => {
    if (alive) beginWhenIdle();
    if (!page.isWhole && performance.now() - triedAt > AGAIN_MS) begin(isAsked());
  });
  if (isAsked()) begin(true);
}

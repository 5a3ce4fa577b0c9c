/* Keys: those of the page that work in a file. Stands for ../keys.js. */
import { KEYS as ALL, keyCaps as caps } from "../keys.js";
import { t } from "../text.js";

/** They ask a server, or are about now; and places of which a file has none. */
const AWAY = ["d", "b", "g", "k", "s", " ", ",", "<"], NOWHERE = ["tour", "chart", "then"];
const FRAMES = { keys: [",", "."], words: t("The frame before, after") };

export const keyCaps = caps;

export const KEYS = ALL.filter(({ place }) => !NOWHERE.includes(place)).map((group, place) => {
  const rows = group.rows.filter(({ keys }) => group.place !== "page" || !keys.some((key) => AWAY.includes(key)));
  return { ...group, rows: place ? rows : [...rows, FRAMES] };
});

/* Keys: those of the page that work in a file. Stands for ../keys.js. */
import { KEYS as ALL, keyCaps as caps } from "../keys.js";
import { moments } from "./browser.js";

const isAlone = moments.count < 2;
/** They ask a server, are about now, or go through frames of which there is one. */
const AWAY = ["d", "b", "g", "k", "s", "y", ...(isAlone ? [" ", "<"] : [])], NOWHERE = ["tour", "chart", ...(isAlone ? ["then"] : [])];

export const keyCaps = caps;

export const KEYS = ALL.filter(({ place }) => !NOWHERE.includes(place)).map(({ rows, ...group }) => (
  { ...group, rows: rows.filter(({ keys }) => group.place !== "page" || !keys.some((key) => AWAY.includes(key))) }));

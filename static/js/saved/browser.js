/*
 * Browser: what stands for the browser's own in a file that has no server: the page's modules see these instead of the globals
 * of the same names (visualizer/interfaces/saved_files.py). The state of the page is kept behind "#": an address of a file has
 * no other place for it.
 */
import { NARROW } from "../narrow.js";
import { SavedMoments } from "./moments.js";
import { fillPanel } from "./panel.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

const { query } = read("config");

export const moments = new SavedMoments(read("saved"));

/** What is told under the first part of an address, by the numbers that are asked with. */
const TELLS = {
  moments: (number) => moments.moment(number("at")),
  reels: (number) => moments.reel(number("from")),
  time: (number) => moments.span(number("from"), number("to")),
};

/** Answers what the file holds; what it does not is away, as with a server that does not answer. */
export async function fetch(address) {
  const [path, search] = address.split("?"), asked = new URLSearchParams(search), number = (name) => Number(asked.get(name));
  const told = TELLS[path.split("/")[0]]?.(number);
  if (!told) throw new TypeError(`a file holds no ${path}`);
  return { ok: !told.why, json: async () => told };
}

/** The panel asks by it. */
export const htmx = {
  trigger() {},
  async ajax(_, address, { target }) {
    const asked = Object.fromEntries(new URL(address, "file:///").searchParams);
    fillPanel(target, asked, moments.graphAt(Number(asked.at)), moments.members);
  },
};

export const history = {
  replaceState: (state, title, address) => globalThis.history.replaceState(state, title, `#${address}`),
};

export const location = {
  pathname: "",
  /** What the address says, or what the file begins with; always of a time that it holds. */
  get search() {
    const { hash } = globalThis.location, isOpened = !hash.startsWith("#?"), asked = new URLSearchParams(isOpened ? query : hash.slice(2));
    // On a phone what happened lies over the graph: it is there when somebody asks.
    if (isOpened && NARROW.matches) asked.delete("time");
    if (!moments.has(Number(asked.get("at_time")))) asked.set("at_time", String(moments.firstS));
    return `?${asked}`;
  },
  get href() {
    return globalThis.location.href;
  },
};

/*
 * UrlState: the page's whole state, read from its address and written back, so that a reload or a link shows the same.
 *
 * ?view=standard|expanded & app=<app key> & host=<base url> & node=<node id> & edge=<node id>><node id> & open=<app key> … &
 * shut=<app key> … & paused=1 & find=<expression> & as=only|hide & show=problems|drift &
 * focus=<node id> & hops=<how far around it> & labels=1 &
 * kiosk=1 & every=<seconds> & changed=<version>..<version> & blast=<node id, or host:<base url>> & way=causes &
 * follow=<id> & follow_beside=<id of another> & time=15m|1h|24h|7d|<from>..<to> & against=1d|7d &
 * at_time=<unix second> & replay=1|5|15|60 & at=<x>_<y>_<zoom> & saved=<slug of a saved view>.
 * Visible everywhere, no history: the back button leaves the page.
 */

const TEXTS = ["app", "host", "node", "edge", "find", "focus", "changed", "blast", "way", "follow", "follow_beside", "time", "against", "at_time", "replay", "at", "saved"];
const FLAGS = ["paused", "labels", "kiosk"];
const AS = ["only", "hide"];
const SHOWS = ["problems", "drift"];
/** Further than that everything is near. */
export const MOST_HOPS = 9;
/** Long enough to read a problem, short enough to see them all on the way past. */
const EVERY_S = 12;

export class UrlState {
  view = "standard";
  /** "" for all. */
  app = "";
  host = "";
  /** The selected node's id; "" for none. */
  node = "";
  /** The selected line (edge_name.js); "" for none. */
  edge = "";
  /** Keys of the apps that somebody opened or folded. */
  opened = [];
  shut = [];
  paused = false;
  /** What stands in the find box, and what it does: find | only | hide. */
  find = "";
  as = "find";
  /** all | problems | drift. */
  show = "all";
  /** Id of the node that is shown with what lies within some hops of it; "" for none. */
  focus = "";
  hops = 1;
  /** Two versions of the topology whose difference is marked, "12..13"; "" for none. */
  changed = "";
  /** What is taken for down, and "causes" when what could be the cause is asked for; "" for nothing. */
  blast = "";
  way = "";
  /** Any id of a request that is followed, and of one it is held against; "" for none. */
  follow = "";
  follow_beside = "";
  /** Which time the time bar shows (time_range.js); "" while it is closed. */
  time = "";
  /** What the time bar compares with (earlier.js); "" for nothing. */
  against = "";
  /** The time of which the graph is shown, a unix second; "" for now. */
  at_time = "";
  /** How many times as fast time goes on from there; "" while it stands still. */
  replay = "";
  /** Where somebody looks (looking.js), "" where everything is shown; which saved view this was, "" for none. */
  at = "";
  saved = "";
  /** Whether numbers stand on all lines. */
  labels = false;
  /** Whether this is a wall screen, and after how many seconds it goes on to the next problem. */
  kiosk = false;
  every = EVERY_S;

  constructor(search = location.search) {
    const query = new URLSearchParams(search);
    if (query.get("view") === "expanded") this.view = "expanded";
    for (const name of TEXTS) this[name] = query.get(name) ?? "";
    if (AS.includes(query.get("as"))) this.as = query.get("as");
    if (!/^[1-9]\d{0,10}$/.test(this.at_time)) this.at_time = "";
    if (SHOWS.includes(query.get("show"))) this.show = query.get("show");
    if (/^[1-9]$/.test(query.get("hops") ?? "")) this.hops = Number(query.get("hops"));
    this.opened = query.getAll("open");
    this.shut = query.getAll("shut");
    for (const name of FLAGS) this[name] = query.get(name) === "1";
    if (/^[1-9]\d{0,2}$/.test(query.get("every") ?? "")) this.every = Number(query.get("every"));
  }

  /** Change some of it, and the address with it. */
  set(changes) {
    Object.assign(this, changes);
    history.replaceState(null, "", this.#search() || location.pathname);
  }

  /** Fold an app, or open it; returns itself. */
  fold(key, folded) {
    const without = (keys) => keys.filter((other) => other !== key), { opened, shut } = this;
    this.set({ opened: folded ? without(opened) : [...without(opened), key], shut: folded ? [...without(shut), key] : without(shut) });
    return this;
  }

  /** The address with some of it changed: "?…", or "". */
  search(changes) {
    return Object.assign(new UrlState(this.#search()), changes).#search();
  }

  #search() {
    const query = new URLSearchParams();
    if (this.view !== "standard") query.set("view", this.view);
    for (const name of TEXTS) if (this[name]) query.set(name, this[name]);
    for (const key of this.opened) query.append("open", key);
    for (const key of this.shut) query.append("shut", key);
    for (const name of FLAGS) if (this[name]) query.set(name, "1");
    for (const name of ["as", "show"]) if (!["find", "all"].includes(this[name])) query.set(name, this[name]);
    if (this.focus && this.hops > 1) query.set("hops", String(this.hops));
    if (this.every !== EVERY_S) query.set("every", String(this.every));
    const text = query.toString();
    return text && `?${text}`;
  }
}

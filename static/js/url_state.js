/*
 * UrlState: the page's whole state, read from its address and written back, so that a reload or a link shows the same.
 *
 * ?view=standard|expanded & app=<app key> & host=<base url> & node=<node id> & open=<app key> … &
 * shut=<app key> … & paused=1. Visible everywhere, no history: the back button leaves the page.
 */

export class UrlState {
  view = "standard";
  /** "" for all. */
  app = "";
  host = "";
  /** The selected node's id; "" for none. */
  node = "";
  /** Keys of the apps that somebody opened or folded. */
  opened = [];
  shut = [];
  paused = false;

  constructor(search = location.search) {
    const query = new URLSearchParams(search);
    if (query.get("view") === "expanded") this.view = "expanded";
    this.app = query.get("app") ?? "";
    this.host = query.get("host") ?? "";
    this.node = query.get("node") ?? "";
    this.opened = query.getAll("open");
    this.shut = query.getAll("shut");
    this.paused = query.get("paused") === "1";
  }

  /** Change some of it, and the address with it. */
  set(changes) {
    Object.assign(this, changes);
    history.replaceState(null, "", this.#search() || location.pathname);
  }

  /** Fold an app, or open it. */
  fold(key, folded) {
    const without = (keys) => keys.filter((other) => other !== key), { opened, shut } = this;
    this.set({ opened: folded ? without(opened) : [...without(opened), key], shut: folded ? [...without(shut), key] : without(shut) });
  }

  #search() {
    const query = new URLSearchParams();
    if (this.view !== "standard") query.set("view", this.view);
    for (const name of ["app", "host", "node"]) if (this[name]) query.set(name, this[name]);
    for (const key of this.opened) query.append("open", key);
    for (const key of this.shut) query.append("shut", key);
    if (this.paused) query.set("paused", "1");
    const text = query.toString();
    return text && `?${text}`;
  }
}

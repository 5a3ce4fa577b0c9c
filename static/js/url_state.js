/*
 * UrlState: the page's whole state, read from its address and written back, so that a reload or a link shows the same.
 *
 * ?view=standard|expanded & app=<app key> & host=<base url> & node=<node id> & paused=1. Visible everywhere, no history:
 * the back button leaves the page.
 */

export class UrlState {
  view = "standard";
  /** "" for all. */
  app = "";
  host = "";
  /** The selected node's id; "" for none. */
  node = "";
  paused = false;

  constructor(search = location.search) {
    const query = new URLSearchParams(search);
    if (query.get("view") === "expanded") this.view = "expanded";
    this.app = query.get("app") ?? "";
    this.host = query.get("host") ?? "";
    this.node = query.get("node") ?? "";
    this.paused = query.get("paused") === "1";
  }

  /** Change some of it, and the address with it. */
  set(changes) {
    Object.assign(this, changes);
    history.replaceState(null, "", this.#search() || location.pathname);
  }

  #search() {
    const query = new URLSearchParams();
    if (this.view !== "standard") query.set("view", this.view);
    for (const name of ["app", "host", "node"]) if (this[name]) query.set(name, this[name]);
    if (this.paused) query.set("paused", "1");
    const text = query.toString();
    return text && `?${text}`;
  }
}

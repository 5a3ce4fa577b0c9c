/*
 * PanelView: the selected node's numbers. The fragment is the server's (templates/_node_panel.html), fetched by htmx
 * again and again while somebody may look at it.
 */
const EVERY_MS = 2000;

export class PanelView {
  #panel; #content; #addresses; #mayRefresh; #address = ""; #unfolded = [];

  /** addresses: view → address of its panel. mayRefresh(): whether the picture is live. */
  constructor({ panel, addresses, mayRefresh, onClose, onSelect }) {
    this.#panel = panel;
    this.#content = panel.querySelector("#panel-content");
    this.#addresses = addresses;
    this.#mayRefresh = mayRefresh;
    panel.querySelector("#panel-close").addEventListener("click", onClose);
    this.#content.addEventListener("click", (event) => {
      const link = event.target.closest("[data-node]");
      if (!link) return;
      event.preventDefault();
      onSelect(link.dataset.node);
    });
    this.#content.addEventListener("htmx:responseError", ({ detail }) => this.#say(`The server has no numbers for it (${detail.xhr.status}).`));
    this.#content.addEventListener("htmx:beforeSwap", () => { this.#unfolded = this.#openDetails().map(({ textContent }) => textContent); });
    this.#content.addEventListener("htmx:afterSwap", () => this.#unfoldAgain());
    setInterval(() => this.#refresh(), EVERY_MS);
  }

  /** Show a node's numbers; "" closes. */
  show(view, id) {
    this.#panel.hidden = !id;
    const address = id && `${this.#addresses[view]}?id=${encodeURIComponent(id)}`;
    if (address === this.#address) return;
    this.#address = address;
    this.#content.replaceChildren();
    if (address) this.#fetch();
  }

  #refresh() {
    // A text being marked would be lost under the reader's hand.
    const marked = !document.getSelection().isCollapsed && this.#content.contains(document.getSelection().anchorNode);
    if (this.#address && !document.hidden && !marked && this.#mayRefresh()) this.#fetch();
  }

  /** One at a time: an answer for another node must not land here. */
  #fetch() {
    const address = this.#address;
    htmx.trigger(this.#content, "htmx:abort");
    htmx.ajax("GET", address, { source: this.#content, target: this.#content }).catch(() => {
      // The chip says that the server is away; what stands here is kept.
    });
  }

  #openDetails() {
    return [...this.#content.querySelectorAll("details[open]")];
  }

  /** What the reader had opened stays open when new numbers come. */
  #unfoldAgain() {
    for (const details of this.#content.querySelectorAll("details")) details.open = this.#unfolded.includes(details.textContent);
  }

  #say(text) {
    if (this.#content.childElementCount) return;
    const note = document.createElement("p");
    note.className = "dim";
    note.textContent = text;
    this.#content.replaceChildren(note);
  }
}

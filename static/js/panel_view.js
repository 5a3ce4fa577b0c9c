/*
 * PanelView: the numbers of the selected node or line. The fragment is the server's (templates/_node_panel.html,
 * _edge_panel.html), fetched by htmx again and again while somebody may look at it.
 */
import { listenForTexts, showWraps } from "./panel_texts.js";
import { PanelWidth } from "./panel_width.js";
import { t } from "./text.js";

const EVERY_MS = 2000;
const AT = /&at=\d+$/, AGAINST = /&against=\w*/;

export class PanelView {
  /** Draws its charts, once that has come (chart_part.js). */
  charts = null;

  #panel; #content; #addresses; #mayRefresh; #address = ""; #unfolded = [];

  /** addresses: {node, edge, drift}, each view → address of its panel. mayRefresh(): whether the picture is live. */
  constructor({ panel, addresses, mayRefresh, onClose, onSelect }) {
    this.#panel = panel;
    this.#content = panel.querySelector("#panel-content");
    this.#addresses = addresses;
    this.#mayRefresh = mayRefresh;
    panel.querySelector("#panel-close").addEventListener("click", onClose);
    this.#content.addEventListener("click", (event) => {
      const link = event.target.closest("[data-node], [data-edge-source]");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const { node = "", edgeSource, edgeTarget } = link.dataset;
      onSelect(node, { edge: node ? "" : `${edgeSource}>${edgeTarget}` });
    });
    listenForTexts(this.#content);
    new PanelWidth({ panel, handle: panel.querySelector("#panel-handle") });
    this.#content.addEventListener("htmx:responseError", ({ detail }) => this.#say(t("The server has no numbers for it ({status}).", { status: detail.xhr.status })));
    this.#content.addEventListener("htmx:beforeSwap", () => { this.#unfolded = this.#openDetails().map(nameOf); });
    // Only then attributes stay as they are: a canvas whose size is written again is blank.
    this.#content.addEventListener("htmx:afterSettle", () => {
      this.#unfoldAgain();
      showWraps(this.#content);
      this.charts?.draw();
    });
    setInterval(() => this.#refresh(), EVERY_MS);
  }

  /** Show the numbers of {id} or {source, target}, or a {list}; null closes. */
  show(view, choice) {
    this.#panel.hidden = !choice;
    const address = choice ? `${this.#addresses[choice.list ?? ("id" in choice ? "node" : "edge")][view]}?${new URLSearchParams(choice)}` : "";
    if (address === this.#address) return;
    // What is told of it at another time takes the place of what stands there.
    const [now, before] = [address, this.#address].map((one) => one.replace(AGAINST, ""));
    const isSame = now === before || (AT.test(now) && AT.test(before) && now.replace(AT, "") === before.replace(AT, ""));
    this.#address = address;
    if (!isSame) {
      this.charts?.forget();
      this.#content.replaceChildren();
    }
    if (address) this.#fetch();
  }

  #refresh() {
    // A text being marked would be lost under the reader's hand.
    const marked = !document.getSelection().isCollapsed && this.#content.contains(document.getSelection().anchorNode);
    const typed = this.#content.contains(document.activeElement) && document.activeElement.matches("input");
    // What is being asked for takes its time: who asked again would take it back, and again.
    const asks = this.#content.classList.contains("htmx-request");
    if (this.#address && !asks && !document.hidden && !marked && !typed && this.#mayRefresh()) this.#fetch();
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
    for (const details of this.#content.querySelectorAll("details")) details.open = this.#unfolded.includes(nameOf(details));
  }

  #say(text) {
    if (this.#content.childElementCount) return;
    const note = document.createElement("p");
    note.className = "dim";
    note.textContent = text;
    this.#content.replaceChildren(note);
  }
}

/** What may be unfolded is known by its id, or where there may be others before it, by what it says. */
const nameOf = ({ id, textContent }) => id || textContent;

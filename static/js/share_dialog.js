/* ShareDialog: the link to the moment that is shown, copied as soon as it is asked for, and the way to a file of it. */
import { el, setText } from "./dom.js";
import { copyText } from "./panel_texts.js";
import { momentSearch, saveMoment } from "./save_moment.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";
import { momentText } from "./time_range.js";

/** Returns what opens it. */
export function shareDialog(page) {
  const said = el("p", { role: "status" }), shows = el("p", { class: "dim" }), saved = el("p", { class: "dim", role: "status" });
  const link = el("input", { type: "text", readonly: true, "aria-label": t("The link"), onfocus: () => link.select() });
  const save = el("button", { type: "button", class: "btn", onclick: keep }, t("Save as a file"));
  const dialog = el("dialog", { class: "share", "aria-labelledby": "share-title", closedby: "any" },
    el("header", {}, el("h2", { id: "share-title" }, t("Share this moment")), el("button", { type: "button", class: "ctl", onclick: () => dialog.close() }, t("Close"))),
    el("div", { class: "groups" }, said, link, shows,
      el("section", {}, el("h3", {}, t("For those who have no access")), el("p", {}, t("One file that shows the same page without a server and without a network: this moment, its numbers and what happened around it.")), save, saved)));

  async function keep() {
    save.disabled = true;
    setText(saved, t("asking …"));
    setText(saved, await saveMoment(page));
    save.disabled = false;
  }

  return async function open() {
    const search = momentSearch(page), address = link.value = new URL(search, location.href).href;
    setText(saved, "");
    setText(shows, shownWords(page, search));
    if (!dialog.isConnected) document.body.append(dialog);
    dialog.showModal();
    link.focus();
    // Inside of it: what lies below a modal dialog has no focus to copy from.
    setText(said, await copyText(address, dialog).then(() => t("The link is copied."), () => t("The browser did not copy the link. Copy it from here:")));
  };
}

/** "It shows 14:03:11 · streams · focus: pay · find: err>1%". */
function shownWords({ state, graph }, search) {
  const nameOf = (id) => plain(graph.nodes.get(id)?.name ?? id), atS = Number(new URLSearchParams(search).get("at_time")), { view, app, host, node, edge, focus, find, as, show, at } = state;
  return [
    t("It shows {time}", { time: momentText(atS) }), view === "expanded" ? t("queues") : t("streams"), app && t("app: {name}", { name: plain(graph.apps.get(app)?.name ?? app) }), host && t("host: {name}", { name: plain(host) }),
    show === "problems" && t("problems"), focus && t("focus: {name}", { name: nameOf(focus) }), find && `${as === "find" ? t("find") : as === "only" ? t("only") : t("hide")}: ${plain(find)}`,
    (node || edge) && t("selected: {name}", { name: node ? nameOf(node) : edge.split(">").map(nameOf).join(" → ") }), at && t("where you look"),
  ].filter(Boolean).join(" · ");
}

/* KeysDialog: the page's keys, as keys.js lists them, in a dialog. A part of the graph page (parts.js). */
import { el } from "./dom.js";
import { KEYS, keyCaps } from "./keys.js";
import { onMenu } from "./menu.js";
import { t } from "./text.js";

export function keysDialog({ keys }) {
  let dialog = null;
  const open = () => {
    dialog ??= build();
    dialog.showModal();
  };
  keys["?"] = open;
  onMenu("menu-keys", open);
}

function build() {
  const close = el("button", { type: "button", class: "ctl", onclick: () => dialog.close() }, t("Close"));
  const dialog = el("dialog", { class: "keys", "aria-labelledby": "keys-title", closedby: "any" },
    el("header", {}, el("h2", { id: "keys-title" }, t("Keys")), close),
    el("div", { class: "groups" }, ...KEYS.map(({ words, rows }) => el("section", {}, el("h3", {}, words), el("dl", {}, ...rows.map(row))))));
  // The key that opened it closes it.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "?") return;
    event.preventDefault();
    dialog.close();
  });
  document.body.append(dialog);
  return dialog;
}

function row({ keys, caps, words }) {
  const written = caps ? [caps] : keys.map(keyCaps);
  return el("div", {}, el("dt", {}, ...written.map((those) => el("span", {}, ...those.map((cap) => el("kbd", {}, cap))))), el("dd", {}, words));
}

/* PanelTexts: the panel's small buttons: copy a link, JSON or a traceback, and wrap long lines or not. */
import { setText } from "./dom.js";
import { t } from "./text.js";

const SAID_FOR_MS = 1500;

export function listenForTexts(content) {
  content.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const { copy, copyLink, wrap } = button.dataset;
    if (copyLink !== undefined) tell(button, copyText(new URL(copyLink, location.href).href));
    if (copy !== undefined) tell(button, copyText(copy));
    if (wrap !== undefined) content.classList.toggle("as-written");
    showWraps(content);
  });
}

/** After new numbers have come: the choice stays. */
export function showWraps(content) {
  const wraps = !content.classList.contains("as-written");
  for (const button of content.querySelectorAll("[data-wrap]")) button.setAttribute("aria-pressed", wraps);
}

/** Also where the page has no right to the clipboard, as over plain http: by a field that is marked, in what may have the focus. */
export async function copyText(text, home = document.body) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"), before = document.activeElement;
  field.value = text;
  field.className = "unseen";
  home.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  if (!done) throw new Error(t("the browser did not copy"));
}

async function tell(button, copying) {
  const before = button.dataset.says ??= button.textContent;
  setText(button, await copying.then(() => t("Copied"), () => t("Not copied")));
  setTimeout(() => setText(button, before), SAID_FOR_MS);
}

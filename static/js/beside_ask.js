/* BesideAsk: asks which other request a followed one is to be held against: by its id, or one that the server offers. */
import { el } from "./dom.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

const KINDS = { well: t("The last one that went well on this path"), failed: t("The newest that failed on it") };
/** Longer ones are nobody's. */
const MOST_CHARS = 128;

/** offers(): a promise of {offers: [{kind, id, at}]}, or of {why}. href(id): where it is compared. ask(id): compare. Returns an element. */
export function besideAsk({ offers, href, ask }) {
  const field = el("input", { type: "text", maxlength: MOST_CHARS, autocomplete: "off", spellcheck: "false", placeholder: t("id of another request") });
  const list = el("ul", { "aria-live": "polite" });
  const form = el("form", {}, el("label", {}, t("With"), " ", field), el("button", { type: "submit", class: "ctl" }, t("Compare")));
  const box = el("details", { class: "beside-ask" }, el("summary", {}, t("Compare with another")), form, list);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) ask(field.value.trim());
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    ask(link.dataset.beside);
  });
  box.addEventListener("toggle", async () => {
    if (!box.open) return;
    const { offers: found = [], why } = await offers();
    const rows = found.map(({ kind, id, at }) => el("li", {}, el("a", { href: href(id), "data-beside": id }, KINDS[kind]), el("small", {}, `${plain(id)} · ${at}`)));
    list.replaceChildren(...(rows.length ? rows : [el("li", {}, why ?? t("Among the newest there is none that ran the same."))]));
  });
  return box;
}

/*
 * SavedViews: the menu of saved views (templates/_views_list.html): what is saved is the page's address and its pins. A part of
 * the graph page (parts.js).
 */
import { listenForTexts } from "./panel_texts.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

export function savedViews({ config, state, pins, looking, undo }) {
  const menu = document.getElementById("views"), list = document.getElementById("views-list");
  let isAsking = false;

  const open = (slug, name) => {
    state.set({ saved: slug });
    document.title = name ? `${plain(name)} – Eventscope` : "Eventscope";
  };
  // A view that is gone, or was never meant for this person, is not in the address either.
  open(config.saved?.slug ?? "", config.saved?.name);

  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") htmx.ajax("GET", `${config.views}?${new URLSearchParams({ saved: state.saved })}`, { source: list, target: list }).catch(() => {});
  });
  listenForTexts(list);
  // Before htmx reads the form.
  list.addEventListener("submit", ({ target: form }) => {
    isAsking = true;
    if (!form.elements.query) return;
    looking();
    form.elements.query.value = location.search;
    form.elements.pins.value = JSON.stringify(pins.plain());
  }, { capture: true });
  list.addEventListener("htmx:afterSettle", () => {
    if (isAsking) (list.querySelector("[aria-current]") ?? list.querySelector("#view-name"))?.focus();
    isAsking = false;
  });
  for (const failed of ["htmx:responseError", "htmx:sendError"]) {
    list.addEventListener(failed, ({ detail }) => undo.say(t("The saved views do not answer ({why}).", { why: detail.xhr.status || t("no connection") })));
  }
  list.addEventListener("view-saved", ({ detail: { slug, name } }) => {
    pins.moveTo(slug);
    open(slug, name);
  });
  list.addEventListener("view-gone", ({ detail: { slug } }) => {
    if (slug !== state.saved) return;
    pins.moveTo("");
    pins.keep();
    open("", "");
  });
}

/*
 * NotLoaded: says in the page that a file of it did not come, or that its script stopped before it had begun: else it would
 * say "connecting …" for ever, over nothing. A classic script, first in <head>: it hears of all that follow it.
 */
"use strict";
(() => {
  const failed = new Set();

  /** An error may be heard before there is a page to say it in. */
  const tell = () => {
    const note = document.getElementById("not-loaded");
    if (!note || !failed.size) return;
    note.querySelector("code").textContent = [...failed].join(", ");
    note.hidden = false;
  };

  addEventListener("error", ({ target, message }) => {
    if (target instanceof HTMLScriptElement || target instanceof HTMLLinkElement) failed.add((target.src || target.href).split("/").at(-1));
    else if (target === globalThis && document.getElementById("stage") && !globalThis.eventscope) failed.add(message);
    tell();
  }, true);
  addEventListener("DOMContentLoaded", tell);
})();

/*
 * NotLoaded: says in the page that a file of it did not come, or that its script stopped before it had begun: else it would
 * say "connecting …" for ever, over nothing. A classic script, first in <head>: it hears of all that follow it.
 */
"use strict";
(() => {
  const failed = new Set(), { origin } = new URL(document.currentScript.src);

  /** What a browser's extension or a proxy puts into the page is not missed. */
  const isOurs = (address) => Boolean(address?.startsWith(`${origin}/`));

  /** An error may be heard before there is a page to say it in. */
  const tell = () => {
    const note = document.getElementById("not-loaded");
    if (!note || !failed.size) return;
    note.querySelector("code").textContent = [...failed].join(", ");
    note.hidden = false;
  };

  addEventListener("error", ({ target, message, filename }) => {
    if (target instanceof HTMLScriptElement || target instanceof HTMLLinkElement) {
      const address = target.src || target.href;
      if (isOurs(address)) failed.add(address.split("/").at(-1));
    } else if (target === globalThis && isOurs(filename) && document.getElementById("stage") && !globalThis.eventscope) failed.add(message);
    tell();
  }, true);
  addEventListener("DOMContentLoaded", tell);
})();

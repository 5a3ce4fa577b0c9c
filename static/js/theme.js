/*
 * Light, dark, or what the system says: a classic script in <head>, so that the page never flashes in the other one.
 * The choice is remembered on this browser; every page has it in its menu (templates/_menu.html).
 */
"use strict";
(() => {
  const root = document.documentElement;
  const CHOICES = ["light", "dark"];

  /** Private windows may refuse storage: then the choice lasts as long as the page. */
  const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* lasts as long as the page */ } };
  const tell = () => dispatchEvent(new Event("themechange"));

  /** Anything else is the system's choice. */
  const wear = (theme) => {
    if (CHOICES.includes(theme)) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  wear(remembered());
  addEventListener("DOMContentLoaded", () => {
    for (const radio of document.querySelectorAll("input[name=theme]")) {
      radio.checked = radio.value === (root.dataset.theme ?? "system");
      radio.addEventListener("change", () => {
        wear(radio.value);
        remember(radio.value);
        tell();
      });
    }
  });
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", tell);
})();

/*
 * Light, dark, or what the system says: a classic script in <head>, so that the page never flashes in the other one.
 * The choice is remembered on this browser; every page has the button #theme.
 */
"use strict";
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  /** Private windows may refuse storage: then the choice lasts as long as the page. */
  const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* lasts as long as the page */ } };

  const chosen = remembered();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme")?.addEventListener("click", () => {
      const now = root.dataset.theme ?? (system.matches ? "dark" : "light");
      root.dataset.theme = now === "dark" ? "light" : "dark";
      remember(root.dataset.theme);
      dispatchEvent(new Event("themechange"));
    });
  });
  system.addEventListener("change", () => dispatchEvent(new Event("themechange")));
})();

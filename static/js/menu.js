/* Menu: what the items of the header's menu do (templates/_graph_menu.html). */

/** The menu closes first: the focus is back on its button, from where a dialog takes it and to which it returns. */
export function onMenu(id, does) {
  document.getElementById(id).addEventListener("click", () => {
    document.getElementById("menu").hidePopover();
    does();
  });
}

/* ExportGraph (a part): the form that saves the graph for others asks for the view that is shown, and for the one app if one is. */

export function exportGraph({ state }) {
  const form = document.getElementById("menu-export");
  form.addEventListener("submit", () => {
    const { view, app } = form.elements;
    view.value = state.view;
    app.value = state.app;
    // An empty field would stand in the address for nothing.
    app.disabled = !app.value;
    document.getElementById("menu").hidePopover();
  });
}

/* EdgeLabels: numbers on all lines, or only on those that want to be read. A part of the graph page (parts.js). */
import { onMenu } from "./menu.js";

export function edgeLabels({ state, stage, keys }) {
  const button = document.getElementById("menu-labels");
  const show = () => {
    stage.scene.labels = state.labels;
    button.setAttribute("aria-pressed", String(state.labels));
    stage.redraw();
  };
  keys.l = () => {
    state.set({ labels: !state.labels });
    show();
  };
  onMenu("menu-labels", keys.l);
  show();
}

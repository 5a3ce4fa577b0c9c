/* FoldNote (a part): says how much stands on the cards, and explains them in the legend. */
import { setText } from "./dom.js";
import { tn } from "./text.js";

export function foldNote({ stage, followers }) {
  const root = document.getElementById("stage"), note = document.getElementById("folded");
  followers.push(() => {
    const { scene } = stage, apps = scene.apps.filter(({ key }) => scene.folded.has(key));
    root.classList.toggle("has-cards", apps.length > 0);
    note.hidden = !apps.length;
    if (!apps.length) return;
    const count = apps.flatMap((app) => Object.values(scene.totals(app).states)).reduce((sum, some) => sum + some, 0);
    setText(note.firstElementChild, tn("{nodes} nodes folded into one app.", "{nodes} nodes folded into {count} apps.", apps.length, { nodes: count.toLocaleString("en") }));
  });
}

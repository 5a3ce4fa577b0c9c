/* NewsPart (a part): says the news into a polite live region; silent while the picture is held or not live. */
import { setText } from "./dom.js";
import { News } from "./news.js";

/** More often than once a second nothing is looked at. */
const EVERY_MS = 1000;

export function tellNews({ graph, stage, followers }) {
  const region = document.getElementById("news"), news = new News(graph);
  let lookedAt = -Infinity;
  followers.push(({ live }) => {
    const now = performance.now();
    if (!live || now - lookedAt < EVERY_MS) return;
    lookedAt = now;
    const text = news.look(stage.scene.shown, now);
    if (text) setText(region, text);
  });
}

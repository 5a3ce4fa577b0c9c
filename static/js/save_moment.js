/* SaveMoment: the moment that is shown, as one file that opens without a server (visualizer/interfaces/saved_page.py). */
import { saveFile } from "./export_picture.js";
import { t } from "./text.js";

/** What is shown, as an address: "?…"; live it is fixed as it is now, paused as it was then. */
export function momentSearch({ state, graph, feed, looking }) {
  looking();
  return state.search({ at_time: state.at_time || String(Math.floor((state.paused ? graph.at : feed.heard) || Date.now() / 1000)), paused: false, kiosk: false });
}

/** Save it; answers what to say then. */
export async function saveMoment(page) {
  try {
    const answer = await fetch(page.config.save + momentSearch(page), { redirect: "manual" });
    if (!answer.ok) return answer.type === "opaqueredirect" ? t("You are signed out.") : await answer.text();
    const blob = await answer.blob(), [, name] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"));
    saveFile(blob, name);
    return t("Saved {name}, {size} kB.", { name, size: Math.ceil(blob.size / 1000) });
  } catch {
    return t("The server does not answer.");
  }
}

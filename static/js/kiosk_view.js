/* KioskView: the line of the wall screen: what is wrong, or that nothing is, and the clock. */
import { mark, setText } from "./dom.js";
import { WORDS } from "./icons.js";
import { shortNumber } from "./numbers.js";
import { problemWords } from "./problem_words.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

export class KioskView {
  #line; #mark; #title; #text; #clock; #state = "";

  constructor() {
    [this.#line, this.#mark, this.#title, this.#text, this.#clock] = ["line", "mark", "title", "text", "clock"].map((name) => document.getElementById(`kiosk-${name}`));
  }

  focus() {
    this.#line.focus();
  }

  /** ids: of all problems. node: the one that is shown, if any. held: nothing is known of now. */
  show({ graph, ids, node, held, shown }) {
    const line = held ? { state: "idle", title: t("Not live"), text: t("What is shown is what was.") } : node ? wrong(graph, ids, node) : calm(graph, ids, shown);
    if (this.#state !== line.state) this.#mark.replaceChildren(mark((this.#state = line.state), { labelled: true }));
    setText(this.#title, line.title);
    setText(this.#text, line.text);
    // One clock, the server's: a picture that stands still does not look as if it went on.
    setText(this.#clock, document.getElementById("clock").textContent);
  }
}

function wrong(graph, ids, node) {
  const { said, more } = problemWords(graph, node), place = ids.indexOf(node.id);
  const name = plain(node.name), title = place < 0 ? name : t("{name} is {state}: {said}", { name, state: WORDS[node.stats.state], said });
  return { state: node.stats.state, title, text: [...more, ids.length > 1 && place >= 0 && t("{place} of {count} problems", { place: place + 1, count: ids.length })].filter(Boolean).join(" · ") };
}

/** All problems may be hidden by a filter, but then they are not among the ids either: the words are about what is shown. */
function calm(graph, ids, shown) {
  const nodes = [...shown].map((id) => graph.nodes.get(id)).filter(({ kind }) => kind !== "request"), of = (state) => nodes.filter(({ stats }) => stats.state === state).length;
  if (!nodes.length) return { state: "idle", title: t("Nothing to show"), text: "" };
  const unknown = of("unknown"), active = nodes.length - of("idle") - unknown;
  const rate = nodes.reduce((sum, { kind, stats }) => sum + (kind === "event" ? stats.rate : 0), 0);
  const state = unknown ? "unknown" : active ? "ok" : "idle", count = nodes.length;
  const title = unknown ? t("{unknown} of {count} unknown: nobody reads their logs", { unknown, count }) : active ? t("Nothing fails, is degraded or waits") : t("Nothing is happening");
  return { state, title, text: t("{active} of {count} active · {rate} runs/s", { active, count, rate: shortNumber(rate) }) };
}

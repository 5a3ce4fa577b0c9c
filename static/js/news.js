/*
 * News: what became a problem and what is well again, in words for who cannot see it. Words only.
 *
 * What was told is remembered, and only the difference to it is news: what comes and goes between two messages is none.
 */
import { isProblem } from "./graph.js";
import { haltWords } from "./halt_words.js";
import { durationText, failedShare, percentText } from "./numbers.js";
import { t, tn } from "./text.js";
import { plain } from "./text_fit.js";
import { problemsOf } from "./tree_rows.js";

/** Between two messages at least. */
export const EVERY_MS = 5000;

export class News {
  #graph; #view = null; #told = new Map(); #before = new Map(); #saidAt = -Infinity; #last = "";

  constructor(graph) {
    this.#graph = graph;
  }

  /** What is to be said at `now` (ms) of the shown ids; "" for nothing. Another view is another picture, and no news. */
  look(shown, now) {
    const problems = problemsOf(this.#graph), { view } = this.#graph;
    if (this.#view !== view) {
      this.#view = view;
      this.#told = new Map(problems.map(({ id, stats }) => [id, stats.state]));
    }
    if (now - this.#saidAt < EVERY_MS) return "";
    const came = problems.filter(({ id, stats }) => this.#told.get(id) !== stats.state);
    const well = [...this.#told.keys()].map((id) => this.#graph.nodes.get(id)).filter((node) => node && !isProblem(node));
    const text = this.#words(came.filter(({ id }) => shown.has(id)), well.filter(({ id }) => shown.has(id)));
    this.#told = new Map(problems.map(({ id, stats }) => [id, stats.state]));
    this.#remember();
    if (!text || text === this.#last) return "";
    [this.#saidAt, this.#last] = [now, text];
    return text;
  }

  #words(came, well) {
    if (came.length === 1 && !well.length) return this.#problem(came[0]);
    if (well.length === 1 && !came.length) return t("{name} is well again", { name: this.#name(well[0]) });
    const more = came.length - 1, sum = [];
    if (came.length) sum.push(this.#problem(came[0]));
    if (more > 0) sum.push(tn("{count} more problem", "{count} more problems", more));
    if (well.length) sum.push(t("{count} well again", { count: well.length }));
    return sum.join(", ");
  }

  #problem(node) {
    const { stats } = node, before = this.#before.get(node.id), { word, is } = measure(stats), was = before && measure({ ...before, state: stats.state }).is;
    return `${this.#name(node)} ${word} ${is}${was && was !== is ? t(", was {number}", { number: was }) : ""}`;
  }

  #name({ name, app }) {
    const of = this.#graph.apps.get(app)?.name;
    return plain(of ? `${of}.${name}` : name);
  }

  /** The numbers of what is well, to be told what they were. */
  #remember() {
    this.#before.clear();
    for (const node of this.#graph.nodes.values()) if (!isProblem(node)) this.#before.set(node.id, node.stats);
  }
}

/** How a problem is said: {word, is}. */
function measure(stats) {
  if (stats.halt) return { word: t("stands still:"), is: haltWords(stats) };
  if (stats.state === "wait") return { word: t("waits"), is: durationText(stats.wait) };
  const share = failedShare(stats), is = share === 0 ? "0" : share < 0.1 ? percentText(share) : `${Math.round(share * 100)} %`;
  return { word: stats.state === "warn" ? t("degraded") : t("failing"), is };
}

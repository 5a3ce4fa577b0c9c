/* Finder: which nodes an expression is true of, in the order one goes through them. */
import { asksNumbers, findMatch } from "./find_match.js";
import { parseFind } from "./find_parser.js";
import { t } from "./text.js";

export class Finder {
  /** Ids of the nodes it is true of; null without an expression. */
  found = null;
  /** The FindError of the text; null when there is none. */
  error = null;

  #graph; #tree = null;

  constructor(graph) {
    this.#graph = graph;
  }

  /** Take an expression. One that is wrong changes nothing yet: it is being typed. */
  read(text) {
    try {
      this.#tree = parseFind(text);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.run();
  }

  /** Whether other numbers may find other nodes. */
  get asksNumbers() { return asksNumbers(this.#tree); }

  /** Find again. Returns whether other nodes are found. */
  run() {
    const before = this.found;
    this.found = this.#tree && findMatch(this.#tree, this.#graph);
    return !areSame([...(before ?? [])], [...(this.found ?? [])]);
  }

  /** What stands at the end of the box: `3/12`, `none`, `12 hidden`; as, shown: what becomes of them. node: the selected one's id. */
  count({ as, shown, node }) {
    if (this.error || !this.found) return "";
    if (as === "hide") return t("{count} hidden", { count: this.found.size });
    const ids = this.inOrder(shown), place = ids.indexOf(node);
    return ids.length ? `${place < 0 ? "–" : place + 1}/${ids.length}` : t("none");
  }

  /** The found nodes among the shown, as one reads: from left to right, then down. */
  inOrder(shown) {
    const nodes = [...(this.found ?? [])].filter((id) => shown.has(id)).map((id) => this.#graph.nodes.get(id)).filter(Boolean);
    return nodes.sort((a, b) => a.box[0] - b.box[0] || a.box[1] - b.box[1]).map(({ id }) => id);
  }
}

/** Whether two lists hold the same things, in whatever order. */
export function areSame(list, other) {
  const things = new Set(list);
  return things.size === other.length && other.every((thing) => things.has(thing));
}

/** The id that follows one in a list, or stands before it; around the ends. */
export function nextOf(ids, id, step) {
  const place = ids.indexOf(id);
  if (place < 0) return step > 0 ? ids[0] : ids.at(-1);
  return ids.at((place + step) % ids.length);
}

/*
 * TreeKeys: going through the tree without a mouse: arrows, Home, End, Enter, the first letters of a name; from a node
 * sideways along its edges.
 */
import { t } from "./text.js";
import { plain } from "./text_fit.js";
import { treeWays } from "./tree_ways.js";

/** Letters that follow one another so fast are one word. */
const ONE_WORD_MS = 700;

export class TreeKeys {
  #tree; #graph; #menu; #does; #word = ""; #typedAt = -Infinity;

  /** home: holds the rows. does: {open(line), isKey(letter): whether the page does something with it, say(text)}. */
  constructor({ home, tree, graph, menu, does }) {
    [this.#tree, this.#graph, this.#menu, this.#does] = [tree, graph, menu, does];
    home.addEventListener("keydown", (event) => {
      const line = tree.lineOf(event.target);
      if (!line || event.ctrlKey || event.metaKey || event.altKey || !this.#press(event.key, line)) return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** Returns whether the key means something here. */
  #press(key, line) {
    const { lines } = this.#tree, at = lines.indexOf(line), go = (to) => (to && this.#tree.focus(to.id), true);
    if ([...key].length > 1 && key !== "Shift") this.#typedAt = -Infinity;
    switch (key) {
      case "ArrowDown": return go(lines[at + 1]);
      case "ArrowUp": return go(lines[at - 1]);
      case "Home": return go(lines[0]);
      case "End": return go(lines.at(-1));
      case "Enter": return this.#does.open(line), true;
      case "ArrowRight": return line.item ? this.#along(line, "to") : line.unfolded ? go(lines[at + 1]) : (this.#tree.toggle(line), true);
      case "ArrowLeft": return line.item ? this.#along(line, "from") : line.unfolded ? (this.#tree.toggle(line), true) : true;
      default: return this.#type(key, at);
    }
  }

  /** Where nothing leads to a node its app is to the left. */
  #along({ id, app, item }, way) {
    const ways = treeWays(this.#graph, this.#tree.shown, id, way), go = (to) => this.#tree.focus(to), back = () => go(id);
    const title = way === "to" ? t("{name} leads to", { name: plain(item.name) }) : t("What leads to {name}", { name: plain(item.name) });
    if (ways.length > 1) this.#menu.open({ beside: back(), title, key: way === "to" ? "ArrowRight" : "ArrowLeft", ways, take: go, leave: back });
    else if (ways.length) go(ways[0].node.id);
    else if (way === "from") go(`app ${app.key}`);
    else this.#does.say(t("{name} leads to nothing shown.", { name: plain(item.name) }));
    return true;
  }

  /** Letters that the page has given another meaning begin a word with Shift only. */
  #type(key, at) {
    const now = performance.now(), goesOn = now - this.#typedAt < ONE_WORD_MS;
    if ([...key].length > 1 || key === " " || !(goesOn || key !== key.toLowerCase() || !this.#does.isKey(key))) return false;
    this.#word = (goesOn ? this.#word : "") + key.toLowerCase();
    this.#typedAt = now;
    const { lines } = this.#tree, word = this.#word;
    // One letter again and again goes from name to name; a longer word may be that of the line one is on.
    const repeats = [...word].every((letter) => letter === word[0]), from = at + (repeats || word.length === 1 ? 1 : 0), sought = repeats ? word[0] : word;
    const inTurn = [...lines.slice(from), ...lines.slice(0, from)];
    const found = inTurn.find(({ item, app }) => (item ?? app).name.toLowerCase().startsWith(sought));
    if (found) this.#tree.focus(found.id);
    return true;
  }
}

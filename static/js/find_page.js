/* FindPage: joins what narrows the graph: the find box, All or Problems, focus, and their keys. */
import { setText } from "./dom.js";
import { FindBox } from "./find_box.js";
import { findKeys } from "./find_keys.js";
import { Finder, areSame, nextOf } from "./finder.js";
import { FocusChip } from "./focus_chip.js";
import { NARROW } from "./narrow.js";
import { Segment } from "./segment.js";
import { ofApps } from "./shown.js";
import { Spotlight } from "./spotlight.js";
import { t } from "./text.js";
import { problemsOf } from "./tree_rows.js";
import { MOST_HOPS } from "./url_state.js";

/** What rests on numbers is worked out again at most so often. */
const EVERY_MS = 250;
/** The address follows what is typed when a hand rests: browsers allow few changes of it. */
const WRITTEN_AFTER_MS = 400;

const byId = (id) => document.getElementById(id);

export class FindPage {
  /** What keyboard.js calls. */
  keys;

  #state; #graph; #stage; #go; #refilter; #finder; #box; #as; #which; #chip; #problems = []; #stale = true; #lookedAt = 0; #writing = 0;

  /** select(id): go to a node. refilter({fit}): something else is to be shown. */
  constructor({ state, graph, stage, select, refilter }) {
    [this.#state, this.#graph, this.#stage, this.#refilter, this.#go] = [state, graph, stage, refilter, (id) => id && select(id)];
    const set = (changes) => this.#set(changes), shown = () => stage.scene.shown;
    this.keys = findKeys({ state, graph, set, go: this.#go, shown, openBox: () => this.#box.focus() });
    this.#finder = new Finder(graph);
    this.#box = new FindBox({ root: byId("find"), graph, on: { type: (text) => this.#type(text), step: (by) => this.#step(by), leave: () => byId("stage").focus() } });
    this.#as = new Segment(byId("find-as"), (as) => set({ as }));
    this.#which = new Segment(byId("show-which"), (show) => set({ show }));
    this.#chip = new FocusChip({ chip: byId("focus-chip"), on: { hops: this.keys.hops, leave: this.keys.leave } });
    byId("find-mode").addEventListener("click", this.keys.mode);
    NARROW.addEventListener("change", () => this.#refilter({ fit: false }));
    this.#box.fill(state.find);
    this.#finder.read(state.find);
  }

  /** What the stage is to show. */
  get filters() {
    // A list has nothing to dim: find filters there.
    const as = NARROW.matches && this.#state.as === "find" ? "only" : this.#state.as;
    return { ...this.#state, as, found: this.#finder.found };
  }

  /** The graph changed: before the stage is told. */
  follow({ structure }) {
    this.#stale = true;
    if (!structure) return;
    this.#finder.run();
    this.#light();
  }

  /** Everything as it is now; what rests on numbers follows at its own pace. */
  show() {
    if (this.#stale && performance.now() - this.#lookedAt >= EVERY_MS) this.#look();
    const { as, show, node, focus, hops, find } = this.#state, { error } = this.#finder, root = byId("find");
    this.#as.show(as);
    this.#which.show(show);
    root.dataset.as = find ? as : "find";
    setText(byId("find-mode"), as === "hide" ? t("Hide") : t("Only"));
    setText(byId("problem-count"), this.#problems.length ? String(this.#problems.length) : "");
    byId("problem-count").dataset.state = this.#problems[0]?.stats.state ?? "ok";
    this.#chip.show({ id: focus, node: this.#graph.nodes.get(focus), hops, most: MOST_HOPS });
    this.#box.show({ count: this.#finder.count({ as, shown: this.#stage.scene.shown, node }), error });
  }

  /** Nothing is filtered any more. */
  clear = () => {
    this.#finder.read("");
    this.#box.fill("");
    this.#set({ app: "", host: "", find: "", as: "find", show: "all", focus: "", hops: 1 });
  };

  #type(text) {
    this.#state.find = text;
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.#state.set({}), WRITTEN_AFTER_MS);
    this.#finder.read(text);
    this.#apply();
  }

  #set(changes) {
    this.#state.set(changes);
    this.#light();
    this.#refilter({ fit: true });
  }

  /** Other nodes are found. */
  #apply() {
    this.#light();
    if (this.filters.as === "find") this.#stage.redraw();
    else this.#refilter({ fit: false });
    this.show();
  }

  #light() {
    const { as, found } = this.filters;
    this.#stage.scene.spotlight = as === "find" && found ? new Spotlight(this.#graph, found) : null;
  }

  /** Other numbers: other problems, and what an expression with numbers finds. */
  #look() {
    [this.#stale, this.#lookedAt] = [false, performance.now()];
    const before = this.#problems, left = ofApps(this.#graph, this.#state);
    this.#problems = problemsOf(this.#graph).filter(({ id }) => left.has(id));
    if (this.#finder.asksNumbers && this.#finder.run()) this.#apply();
    if (this.#state.show === "problems" && !areSame(before, this.#problems)) this.#refilter({ fit: false });
  }

  #step(by) {
    this.#go(nextOf(this.#finder.inOrder(this.#stage.scene.shown), this.#state.node, by));
  }
}

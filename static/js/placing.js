/*
 * Placing: things stand where the server or a pin says, and go there so that one can follow; what is dragged is pinned. A part
 * of the graph page (parts.js).
 */
import { setText } from "./dom.js";
import { glide, settle } from "./glide.js";
import { Pins } from "./pins.js";
import { Places } from "./places.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

/** The server's grid. */
const GRID_PX = 8;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function placing(page) {
  const { config, state, graph, stage, finding, undo } = page, places = new Places(graph), button = document.getElementById("unpin");
  const pins = page.pins = new Pins(config.saved?.slug, config.saved?.pins);
  const draw = () => stage.rebuild(finding.filters), here = () => pins.of(graph.view);

  /** Bring everything to its place: at once, or so that the eye can follow. */
  const place = (bring) => {
    Object.assign(stage.scene.pins, here());
    bring(places.moves(here()), draw);
  };
  const put = (kind, name, to) => pins.put(graph.view, kind, name, to);
  const change = (does) => { does(); pins.keep(); place(glide); draw(); };

  /** What was done to some pins, [[kind, name, place before]], with the way back. */
  const offer = (said, before) => undo.offer(said, () => change(() => before.forEach((pin) => put(...pin))));

  const unpin = (some) => {
    const before = some.map(([kind, name]) => [kind, name, here()[kind].get(name)]);
    change(() => some.forEach(([kind, name]) => put(kind, name, null)));
    offer(before.length === 1 ? t("Unpinned {name}.", { name: nameOf(...before[0]) }) : t("Unpinned {name}.", { name: before.length }), before);
  };
  const nameOf = (kind, name) => plain(graph[kind].get(name)?.name ?? name);
  const all = () => ["nodes", "apps"].flatMap((kind) => [...here()[kind].keys()].map((name) => [kind, name]));
  const asked = () => (here().nodes.has(state.node) ? [["nodes", state.node]] : all());

  /** A node goes with its entry circle: the event is what is pinned. */
  const grip = ({ node, app, name }) => {
    if (!node) return app ?? name ? ["apps", (app ?? name).key, app ?? name] : null;
    const [edge] = node.kind === "request" ? [...graph.edges.values()].filter(({ kind, source }) => kind === "request" && source === node.id) : [];
    const event = graph.nodes.get(edge?.target) ?? node;
    return ["nodes", event.id, event];
  };

  stage.grab = (pointed) => {
    const taken = grip(pointed);
    if (!taken) return null;
    const [kind, name, { box: [x, y] }] = taken, was = here()[kind].get(name);
    let [left, top, due] = [x, y, false];
    const follow = () => { due = false; place(settle); draw(); };
    return {
      move(dx, dy) {
        // Whoever drags looks at this part: from now on nothing is fitted unasked.
        stage.pan(0, 0);
        [left, top] = [left + dx / stage.viewport.scale, top + dy / stage.viewport.scale];
        put(kind, name, [left, top]);
        if (!due) due = true, requestAnimationFrame(follow);
      },
      drop() {
        put(kind, name, [left, top].map((value) => Math.round(value / GRID_PX) * GRID_PX));
        pins.keep();
        follow();
        offer(t("Pinned {name}.", { name: nameOf(kind, name) }), [[kind, name, was]]);
      },
    };
  };
  stage.unpin = (kind, name) => unpin([[kind, name]]);
  button.addEventListener("click", () => unpin(asked()));

  // With Shift an arrow moves the selected node; before the page takes it for a step along a connection.
  document.getElementById("stage").addEventListener("keydown", (event) => {
    const node = graph.nodes.get(state.node), step = STEPS[event.key];
    if (!event.shiftKey || !step || !node) return;
    event.preventDefault();
    const held = stage.grab({ node }), { scale } = stage.viewport;
    held.move(step[0] * GRID_PX * scale, step[1] * GRID_PX * scale);
    held.drop();
  });

  page.feed.hears.push(({ structure }) => structure && place(glide));
  page.followers.push(() => {
    const count = asked().length, one = count === 1 ? nameOf(...asked()[0]) : "";
    button.hidden = !count;
    setText(button.querySelector("b"), one ? t("Unpin") : t("Unpin {count}", { count }));
    button.title = one ? t("Back to its place: {name}", { name: one }) : t("All back to their places");
  });
}

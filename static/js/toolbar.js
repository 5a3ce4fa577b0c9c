/* Toolbar: filters, view, pause, zoom. Reads and writes the page's state; knows nothing of drawing. */
import { el, setText } from "./dom.js";
import { Segment } from "./segment.js";
import { hostsOf } from "./shown.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

export class Toolbar {
  #state; #graph; #app; #host; #views; #pause; #word; #was = "";

  /** on: {filter(), view(), pause(), zoom(factor), fit()}. */
  constructor({ state, graph, on }) {
    this.#state = state;
    this.#graph = graph;
    const find = (id) => document.getElementById(id);
    [this.#app, this.#host, this.#pause, this.#word] = ["app-filter", "host-filter", "pause", "pause-word"].map(find);
    this.#views = new Segment(find("view"), (view) => on.view(view));
    this.#app.addEventListener("change", () => on.filter({ app: this.#app.value }));
    this.#host.addEventListener("change", () => on.filter({ host: this.#host.value }));
    this.#pause.addEventListener("click", () => on.pause());
    find("zoom-in").addEventListener("click", () => on.zoom(1.25));
    find("zoom-out").addEventListener("click", () => on.zoom(0.8));
    find("zoom-fit").addEventListener("click", () => on.fit());
  }

  /** Show the state and what there is to choose from. */
  show() {
    const { app, host, view, paused } = this.#state;
    const apps = [...this.#graph.apps.values()].map(({ key, name, version }) => [key, `${plain(name)} ${plain(version)}`]).sort();
    const hosts = hostsOf(this.#graph).map((url) => [url, plain(url)]);
    const now = JSON.stringify([apps, hosts, app, host]);
    if (now !== this.#was) {
      this.#was = now;
      fillSelect(this.#app, apps, app);
      fillSelect(this.#host, hosts, host);
    }
    this.#views.show(view);
    this.#pause.setAttribute("aria-pressed", String(paused));
  }

  showZoom(scale) {
    setText(document.getElementById("zoom-level"), `${Math.round(scale * 100)} %`);
  }

  /** What the pause button says: a picture that is held is not live. */
  showPace(word) {
    setText(this.#word, word);
  }
}

/** A choice that is gone stays listed: the filter is still set, and its name says to what. */
function fillSelect(select, choices, chosen) {
  const known = choices.some(([value]) => value === chosen) || !chosen;
  const all = known ? choices : [...choices, [chosen, t("{name} (gone)", { name: plain(chosen) })]];
  select.replaceChildren(select.options[0], ...all.map(([value, text]) => el("option", { value }, text)));
  select.value = chosen;
  select.parentElement.classList.toggle("on", Boolean(chosen));
}

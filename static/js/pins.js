/*
 * Pins: what somebody has put somewhere by hand, by view (standard | expanded). This browser keeps them across reloads, those
 * of each saved view apart from each other; a saved view has its own from the server. No DOM.
 */

const KEPT = "eventscope.pins";
const KINDS = ["nodes", "apps"];

export class Pins {
  #scope; #views;

  /** scope: slug of a saved view, or "". saved: its pins as the server keeps them; what was moved here since wins. */
  constructor(scope = "", saved = {}) {
    this.#scope = scope;
    this.#views = read(kept()[scope] ?? saved);
  }

  /** {nodes: id → [x, y], apps: key → [x, y]} of a view. */
  of(view) {
    if (!this.#views.has(view)) this.#views.set(view, { nodes: new Map(), apps: new Map() });
    return this.#views.get(view);
  }

  /** How many there are in a view. */
  count(view) {
    const { nodes, apps } = this.of(view);
    return nodes.size + apps.size;
  }

  /** Put a node or an app somewhere; null for where it belongs. kind: nodes | apps. Not kept before keep(). */
  put(view, kind, name, place) {
    if (place) this.of(view)[kind].set(name, place);
    else this.of(view)[kind].delete(name);
  }

  /** Keep them in this browser. */
  keep() {
    store({ ...kept(), [this.#scope]: this.plain() });
  }

  /** From now on they belong to a saved view that has the same ones. */
  moveTo(scope) {
    this.#scope = scope;
    const { [scope]: _, ...others } = kept();
    store(others);
  }

  /** As the server keeps them: {view: {nodes: {id: [x, y]}, apps: {key: [x, y]}}}. */
  plain() {
    const views = [...this.#views].filter(([view]) => this.count(view));
    return Object.fromEntries(views.map(([view, pins]) => [view, Object.fromEntries(KINDS.map((kind) => [kind, Object.fromEntries(pins[kind])]))]));
  }
}

function read(plain) {
  const mapOf = (places) => new Map(Object.entries(places ?? {}).filter(([, place]) => Array.isArray(place) && place.length === 2 && place.every(Number.isFinite)));
  return new Map(Object.entries(plain ?? {}).map(([view, pins]) => [view, { nodes: mapOf(pins?.nodes), apps: mapOf(pins?.apps) }]));
}

/** Scope → pins; nothing where the browser keeps nothing, or somebody else wrote there. */
function kept() {
  try {
    return { ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return {};
  }
}

function store(scopes) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(scopes));
  } catch {
    // No room, or not allowed: pins hold until the page is left.
  }
}

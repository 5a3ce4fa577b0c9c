/*
 * Places: where each thing is shown. The server says where it stands; a pin puts it elsewhere for this reader, its entry
 * circle goes with an event, and the nodes of an app go with its box. Data only, no DOM.
 */

const NOWHERE = Object.freeze({ nodes: new Map(), apps: new Map() });

export class Places {
  #graph; #homes = new WeakMap(); #before = NOWHERE; #view = "";

  constructor(graph) {
    this.#graph = graph;
  }

  /**
   * What has to move to where it belongs, after things came or pins changed: [{thing, from, to}], thing a node or an app,
   * from and to boxes. What has just come stands there already.
   */
  moves(pins) {
    const targets = this.#targets(pins), now = { nodes: new Map(), apps: new Map() }, moves = [];
    const before = this.#view === this.#graph.view ? this.#before : NOWHERE;
    for (const [thing, to] of targets) {
      const [kind, name] = thing.key === undefined ? ["nodes", thing.id] : ["apps", thing.key], from = before[kind].get(name)?.box ?? to;
      now[kind].set(name, thing);
      thing.box = from;
      if (from !== to && isElsewhere(from, to)) moves.push({ thing, from, to });
    }
    [this.#before, this.#view] = [now, this.#graph.view];
    return moves;
  }

  /** Where a node or an app stands by the server. */
  homeOf(thing) {
    if (!this.#homes.has(thing)) this.#homes.set(thing, { box: thing.box, annexes: thing.annexes });
    return this.#homes.get(thing);
  }

  #targets(pins) {
    const { nodes, apps, edges } = this.#graph, targets = new Map(), shifts = new Map();
    for (const app of apps.values()) {
      const { box, annexes } = this.homeOf(app), to = placed(box, pins.apps.get(app.key));
      targets.set(app, to);
      if (to === box && !annexes) continue;
      const shift = [to[0] - box[0], to[1] - box[1]];
      shifts.set(app.key, shift);
      if (annexes) app.annexes = annexes.map((annex) => shifted(annex, shift));
    }
    for (const node of nodes.values()) {
      const { box } = this.homeOf(node), shift = shifts.get(node.app);
      targets.set(node, placed(shift ? shifted(box, shift) : box, pins.nodes.get(node.id)));
    }
    for (const { kind, source, target } of pins.nodes.size ? edges.values() : []) {
      const circle = nodes.get(source), event = nodes.get(target);
      if (kind !== "request" || !circle || !pins.nodes.has(target) || !event) continue;
      const { box: from } = this.homeOf(event), [x, y] = targets.get(event);
      targets.set(circle, shifted(this.homeOf(circle).box, [x - from[0], y - from[1]]));
    }
    return targets;
  }
}

function placed(box, pin) {
  return pin ? [pin[0], pin[1], box[2], box[3]] : box;
}

function shifted([x, y, w, h], [dx, dy]) {
  return [x + dx, y + dy, w, h];
}

function isElsewhere(one, other) {
  return one.some((value, place) => value !== other[place]);
}

/* FindMatch: the nodes an expression is true of. */
import { FLAGS, NUMBERS, TEXTS } from "./find_fields.js";

const COMPARE = { "=": (a, b) => a === b, "!=": (a, b) => a !== b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "<": (a, b) => a < b, "<=": (a, b) => a <= b };

/** Ids of the nodes that match; entry circles go with their event. tree: of parseFind. */
export function findMatch(tree, graph) {
  const index = new Index(graph), found = new Set();
  if (tree === null) return found;
  const test = tester(tree, graph, index);
  for (const node of graph.nodes.values()) if (node.kind !== "request" && test(node)) found.add(node.id);
  return found;
}

/** Whether the letters of a pattern stand in a text in their order, none far from the one before. */
export function isFuzzy(pattern, text) {
  const wanted = pattern.toLowerCase(), given = text.toLowerCase();
  if (given.includes(wanted)) return true;
  if (wanted.length < 3) return false;
  let place = -1, gaps = 0;
  for (const letter of wanted) {
    const next = given.indexOf(letter, place + 1);
    if (next < 0) return false;
    if (place >= 0) gaps += next - place - 1;
    place = next;
  }
  return gaps <= wanted.length;
}

/** Edges by their ends. */
class Index {
  #graph; #out = new Map(); #in = new Map();

  constructor(graph) {
    this.#graph = graph;
    for (const edge of graph.edges.values()) {
      push(this.#out, edge.source, edge);
      push(this.#in, edge.target, edge);
    }
  }

  near(id) {
    const edges = [...(this.#out.get(id) ?? []), ...(this.#in.get(id) ?? [])];
    const others = edges.map(({ source, target }) => this.#graph.nodes.get(source === id ? target : source)).filter(Boolean);
    return { edges, others };
  }

  /** Everything within some hops of these ids, they among it. */
  reach(ids, way, depth) {
    const reached = new Set(ids);
    let border = [...ids];
    for (let hop = 0; border.length && hop < depth; hop++) {
      const next = [];
      for (const id of border) {
        const after = way === "upstream" ? [] : (this.#out.get(id) ?? []).map(({ target }) => target);
        const before = way === "downstream" ? [] : (this.#in.get(id) ?? []).map(({ source }) => source);
        for (const other of [...after, ...before]) if (!reached.has(other)) reached.add(other), next.push(other);
      }
      border = next;
    }
    return reached;
  }
}

function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

function tester(tree, graph, index) {
  const all = (parts) => parts.map((part) => tester(part, graph, index));
  switch (tree.is) {
    case "and": return ((tests) => (node) => tests.every((test) => test(node)))(all(tree.parts));
    case "or": return ((tests) => (node) => tests.some((test) => test(node)))(all(tree.parts));
    case "not": return ((test) => (node) => !test(node))(tester(tree.part, graph, index));
    case "flag": return FLAGS[tree.name];
    case "number": return numberTest(tree);
    case "text": return textTest(tree, graph, index);
    case "way": return wayTest(tree, graph, index);
    default: return (node) => [node.name, node.id].some((text) => isFuzzy(tree.text, text));
  }
}

function numberTest({ field, op, value }) {
  const { of } = NUMBERS[field], compare = COMPARE[op];
  return ({ stats }) => {
    const is = of(stats);
    return is !== null && is !== undefined && compare(is, value);
  };
}

function textTest({ field, op, values }, graph, index) {
  const wanted = values.map((value) => value.toLowerCase()), exact = op.endsWith("="), negated = op.startsWith("!");
  return (node) => {
    const texts = TEXTS[field]({ node, graph, near: () => index.near(node.id) }).map((text) => text.toLowerCase());
    const hit = wanted.some((value) => texts.some((text) => (exact ? text === value : text.includes(value))));
    return hit !== negated;
  };
}

function wayTest({ way, text, depth }, graph, index) {
  const exact = [...graph.nodes.values()].filter(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase());
  const starts = exact.length ? exact : [...graph.nodes.values()].filter(({ name }) => isFuzzy(text, name));
  const reached = index.reach(new Set(starts.map(({ id }) => id)), way, depth);
  return ({ id }) => reached.has(id);
}

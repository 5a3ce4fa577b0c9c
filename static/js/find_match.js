/* FindMatch: the nodes an expression is true of. */
import { FLAGS, NUMBERS, TEXTS } from "./find_fields.js";
import { Links } from "./links.js";

const COMPARE = { "=": (a, b) => a === b, "!=": (a, b) => a !== b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "<": (a, b) => a < b, "<=": (a, b) => a <= b };

/** Ids of the nodes that match; entry circles go with their event. tree: of parseFind. */
export function findMatch(tree, graph) {
  const links = new Links(graph), found = new Set();
  if (tree === null) return found;
  const test = tester(tree, graph, links);
  for (const node of graph.nodes.values()) if (node.kind !== "request" && test(node)) found.add(node.id);
  return found;
}

/** Whether what it finds may change with numbers alone. */
export function asksNumbers(tree) {
  if (tree === null) return false;
  if (tree.parts) return tree.parts.some(asksNumbers);
  if (tree.part) return asksNumbers(tree.part);
  return tree.is === "number" || (tree.is === "flag" && ["active", "problem"].includes(tree.name)) || (tree.is === "text" && tree.field === "state");
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

function tester(tree, graph, links) {
  const all = (parts) => parts.map((part) => tester(part, graph, links));
  switch (tree.is) {
    case "and": return ((tests) => (node) => tests.every((test) => test(node)))(all(tree.parts));
    case "or": return ((tests) => (node) => tests.some((test) => test(node)))(all(tree.parts));
    case "not": return ((test) => (node) => !test(node))(tester(tree.part, graph, links));
    case "flag": return FLAGS[tree.name];
    case "number": return numberTest(tree);
    case "text": return textTest(tree, graph, links);
    case "way": return wayTest(tree, graph, links);
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

function textTest({ field, op, values }, graph, links) {
  const wanted = values.map((value) => value.toLowerCase()), exact = op.endsWith("="), negated = op.startsWith("!");
  return (node) => {
    const texts = TEXTS[field]({ node, graph, near: () => links.near(node.id) }).map((text) => text.toLowerCase());
    const hit = wanted.some((value) => texts.some((text) => (exact ? text === value : text.includes(value))));
    return hit !== negated;
  };
}

function wayTest({ way, text, depth }, graph, links) {
  const exact = [...graph.nodes.values()].filter(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase());
  const starts = exact.length ? exact : [...graph.nodes.values()].filter(({ name }) => isFuzzy(text, name));
  const reached = links.reach(new Set(starts.map(({ id }) => id)), way, depth);
  return ({ id }) => reached.has(id);
}

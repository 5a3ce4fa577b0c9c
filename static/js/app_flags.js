/* AppFlags: the gravest of what the linter says of an app's nodes, for where they are folded. Pure. */

const GRAVEST_FIRST = ["error", "warning", "info"];

/** A severity; "" where there is none. findings: node id → severity. */
export function gravest(nodes, findings) {
  const found = new Set(findings.size ? nodes.map(({ id }) => findings.get(id)) : []);
  return GRAVEST_FIRST.find((severity) => found.has(severity)) ?? "";
}

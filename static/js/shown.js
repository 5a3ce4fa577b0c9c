/*
 * Shown: which nodes the filters leave. Filtering is done here, in the browser: the server sends every page the same.
 *
 * An app's own nodes are shown, and the streams, unknown targets and things outside they touch.
 */
import { asking, endsOf } from "./drift.js";
import { isProblem } from "./graph.js";
import { Links } from "./links.js";

/**
 * A set of node ids; all of them without a filter.
 *
 * app, host: "" for all. show: all | problems (they, and what touches them) | drift (the ends of its lines). focus, hops: a node and how far around it;
 * one that is not there filters nothing. found: ids that an expression is true of, or null; as: what becomes of them,
 * find (nothing) | only | hide.
 */
export function shownNodes(graph, { app, host, show, focus, hops, as, found }) {
  const shown = ofApps(graph, { app, host }), asked = new Set();
  const narrows = found && as !== "find", focused = graph.nodes.has(focus);
  const drift = show === "drift" ? asking(graph, shown) : [];
  if (show !== "problems" && !drift.length && !focused && !narrows) return shown;
  const links = new Links(graph), keep = (ids) => { for (const id of shown) if (!ids.has(id)) shown.delete(id); };
  if (show === "problems") {
    const problems = [...graph.nodes.values()].filter(isProblem).map(({ id }) => id);
    for (const id of problems) asked.add(id);
    keep(links.reach(problems, "around", 1));
  }
  if (drift.length) keep(endsOf(graph, drift));
  if (focused) keep(links.reach([focus], "around", hops));
  if (narrows && as === "only") {
    for (const id of found) asked.add(id);
    keep(withShared(graph, found, links));
  }
  if (narrows && as === "hide") for (const id of found) shown.delete(id);
  tidy(graph, shown, { asked, links });
  return shown;
}

/** What belongs to the apps that the filters for app and host leave. */
export function ofApps(graph, { app, host }) {
  if (!app && !host) return new Set(graph.nodes.keys());
  const apps = new Set(), shown = new Set();
  for (const { key, hosts = [] } of graph.apps.values()) {
    if ((!app || key === app) && (!host || hosts.includes(host))) apps.add(key);
  }
  for (const node of graph.nodes.values()) if (apps.has(node.app) && !isShared(node)) shown.add(node.id);
  for (const { source, target } of graph.edges.values()) {
    for (const [near, far] of [[source, target], [target, source]]) {
      const node = graph.nodes.get(far);
      if (node && isShared(node) && apps.has(graph.nodes.get(near)?.app) && !isShared(graph.nodes.get(near))) shown.add(far);
    }
  }
  return shown;
}

/** A stream, or what is outside, belongs to everybody who reads or writes it, wherever it is drawn. */
function isShared({ kind }) {
  return ["stream", "dangling", "external"].includes(kind);
}

function withShared(graph, ids, links) {
  const all = new Set(ids);
  for (const id of ids) {
    const node = graph.nodes.get(id);
    if (node && !isShared(node)) for (const other of links.near(id).others) if (isShared(other)) all.add(other.id);
  }
  return all;
}

/** An entry circle goes with its event; a stream stays while something shown touches it, or when it was asked for. */
function tidy(graph, shown, { asked, links }) {
  for (const { kind, source, target } of graph.edges.values()) {
    if (kind !== "request") continue;
    if (shown.has(target) && graph.nodes.has(source)) shown.add(source);
    else shown.delete(source);
  }
  for (const id of shown) {
    if (asked.has(id) || !isShared(graph.nodes.get(id))) continue;
    const { others } = links.near(id);
    if (others.length && !others.some((other) => shown.has(other.id))) shown.delete(id);
  }
}

/** All host addresses that apps name, sorted. */
export function hostsOf(graph) {
  return [...new Set([...graph.apps.values()].flatMap(({ hosts = [] }) => hosts))].sort();
}

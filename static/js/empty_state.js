/*
 * EmptyState: why there is nothing to see. Cause, evidence, and one thing to do; null when there is something.
 */

import { isProblem } from "./graph.js";
import { agoText, dayText } from "./numbers.js";
import { t, tn } from "./text.js";

/** Shorter is a pause, not silence: states look 60 s back. */
const QUIET_S = 120;
const INSPECT = "python manage.py inspect_logs '/path/to/logs/*.log'";

/**
 * Returns {key, icon, title, text, evidence: [[label, value]], copy, action: {label, href | does}, foot, alone} or null.
 *
 * alone: no graph beside it.
 */
export function emptyState({ graph, shown, beat, alive, state }) {
  if (!alive || !beat) return null;
  const hosts = [t("hosts that answer"), t("{place} of {all}", { place: beat.hosts_alive, all: beat.hosts_total })], files = [t("log files followed"), String(beat.files)];
  if (!graph.nodes.size) return beat.hosts_total || beat.files ? nothingDrawn(beat, [hosts, files]) : notConfigured();
  if (!shown.size) return state.show === "problems" && ![...graph.nodes.values()].some(isProblem) ? noProblems() : filteredAway(graph.nodes.size);
  if (graph.hasMoved()) return isQuiet(beat, state) ? quiet(beat, [hosts, files]) : null;
  if (!beat.files) return noFiles([hosts, files]);
  return beat.lines ? noMatch(beat, [hosts, files]) : noRuns([hosts, files]);
}

function notConfigured() {
  return {
    key: "not-configured", icon: "plug", alone: true,
    title: t("No apps configured"),
    text: t("Eventscope draws what hosts declare and what log files show. Neither is set."),
    copy: ["EVENTSCOPE_HOSTS=http://host:8020", "EVENTSCOPE_LOGS=/path/to/logs/*.log"],
    action: { label: t("Copy these settings"), does: "copy" },
    foot: t("Set them for make up, or write them into eventscope.toml, and start it again."),
  };
}

function nothingDrawn(beat, evidence) {
  const silent = beat.hosts_total > 0 && beat.hosts_alive === 0;
  return {
    key: silent ? "no-host" : "not-drawn", icon: "plug", alone: true,
    title: silent ? t("No host answers") : t("Nothing to draw yet"),
    text: silent ? t("The graph is drawn from what hosts declare, and none of them can be reached.")
      : t("Sources are there, but no app has shown itself: no config answer and no line of an app has come yet."),
    evidence: [...evidence, ...beat.problems.slice(0, 3).map((problem) => [problem, ""])],
    action: { label: t("See the hosts"), href: "/hosts" },
    foot: t("Watching. This page draws with the first answer."),
  };
}

function noFiles(evidence) {
  return {
    key: "no-files", icon: "file",
    title: t("No log lines yet"),
    text: t("The graph is drawn from config. Nothing moves because the collector finds no log file."),
    evidence, copy: ["EVENTSCOPE_LOGS=/path/to/logs/*.log"],
    action: { label: t("Copy the setting"), does: "copy" },
    foot: t("Watching. This page moves with the first line."),
  };
}

/** All is well but silent; who looks at a node, or at what was, is told by that. */
function isQuiet({ at, newest_s: newest, behind_s: behind, problems }, { node, edge, paused }) {
  return newest > 0 && at - newest >= QUIET_S && behind !== null && !problems.length && !node && !edge && !paused;
}

function quiet({ at, newest_s: newest }, evidence) {
  return {
    key: "quiet", icon: "check",
    title: t("Nothing happening for {time}", { time: agoText(at - newest) }),
    text: t("All that should report does, and no event has run since."),
    evidence: [[t("last event"), dayText(newest, at)], ...evidence],
    action: { label: t("See the sources"), href: "/sources" },
    foot: t("Watching. This page moves with the next line."),
  };
}

function noMatch({ lines }, evidence) {
  return {
    key: "no-match", icon: "file",
    title: t("Log lines, but no runs"),
    text: tn("One line read, 0 counted: it is no run of these apps. The sources page says how each file was understood.", "{lines} lines read, 0 counted: none of them is a run of these apps. The sources page says how each file was understood.", lines, { lines: lines.toLocaleString("en") }),
    evidence, copy: [INSPECT],
    action: { label: t("See the sources"), href: "/sources" },
    foot: t("Watching. This page moves with the first run."),
  };
}

function noRuns(evidence) {
  return {
    key: "no-runs", icon: "file",
    title: t("No runs yet"),
    text: t("The graph is drawn from config. Log files are followed, and none has a line yet."),
    evidence, copy: [INSPECT],
    action: { label: t("Copy the check"), does: "copy" },
    foot: t("Watching. This page moves with the first line."),
  };
}

function noProblems() {
  return {
    key: "no-problems", icon: "check", alone: true,
    title: t("No problems"),
    text: t("Nothing fails, is degraded or waits."),
    action: { label: t("Show all"), does: "clear" },
    foot: t("Watching. The first problem is drawn here."),
  };
}

function filteredAway(total) {
  return {
    key: "filtered", icon: "search", alone: true,
    title: t("0 of {count} match", { count: total }),
    text: t("What is chosen, found and in focus leaves nothing to draw."),
    action: { label: t("Clear the filters"), does: "clear" },
  };
}

/*
 * Freshness: what the chip says. Words only, from what is known now.
 *
 * Live is said only while beats come and the server knows how old its picture is; everything else says what is wrong.
 */
import { agoText, clockText, dayText } from "./numbers.js";
import { t, tn } from "./text.js";

/** Older than this is said with ▲: the pipe from line to picture is stuck somewhere. */
const LATE_S = 5;

/**
 * Returns {mark, strong, parts, retry, kind}; kind is "live" | "late" | "wait" | "paused" | "lost" | "connecting" | "then".
 *
 * phase, retryInS: the socket's. beat: the last, or null. heard, at: the server's clock when it was heard, and of the
 * picture, unix seconds. moved: whether any node was ever seen to run. then: the time whose picture is shown, 0 for now.
 */
export function freshness({ phase, retryInS, beat, heard, at, paused, moved, then }) {
  if (then) return { kind: "then", mark: "idle", strong: t("not live"), parts: [dayText(then, Date.now() / 1000)] };
  if (phase === "connecting") return { kind: "connecting", mark: "idle", strong: "", parts: [t("connecting …")] };
  if (phase !== "alive") return lost({ phase, retryInS, heard });
  if (paused) return { kind: "paused", mark: "idle", strong: t("paused"), parts: [t("as of {time}", { time: clockText(at) })] };
  if (!beat) return { kind: "connecting", mark: "idle", strong: "", parts: [t("connecting …")] };
  const hosts = beat.hosts_total ? [tn("{alive}/{count} host", "{alive}/{count} hosts", beat.hosts_total, { alive: beat.hosts_alive })] : [];
  if (beat.behind_s === null) return { kind: "late", mark: "warn", strong: t("not live"), parts: [beat.problems[0] ?? t("nothing is known of the collector"), ...hosts] };
  if (beat.behind_s > LATE_S) return { kind: "late", mark: "warn", strong: behindText(beat), parts: [...beat.problems.slice(0, 1), ...hosts] };
  if (!moved) return { kind: "wait", mark: "idle", strong: "", parts: [t("waiting for the first line"), ...hosts] };
  if (beat.problems.length) return { kind: "live", mark: "warn", strong: t("live"), parts: [beat.problems[0], ...hosts] };
  return { kind: "live", mark: "ok", strong: t("live"), parts: [behindText(beat), ...hosts] };
}

/** Whether the picture must not look alive. */
export const isDead = ({ kind }) => kind === "lost" || kind === "late";

/** What a screen reader is told: the same without the numbers that change twice a second. */
export function spoken({ kind, mark, strong, parts }) {
  if (kind === "live" && parts.length) return mark === "ok" ? strong : `${strong}, ${parts[0]}`;
  if (kind === "lost") return t("connection lost, reconnecting");
  // Which time it is changes while it is replayed: the moment's chip says it.
  if (kind === "then") return strong;
  if (kind === "late") return t("not live, {why}", { why: parts[0] ?? "" });
  return [strong, ...parts].filter(Boolean).join(" ");
}

function lost({ phase, retryInS, heard }) {
  const strong = phase === "waiting" && retryInS >= 0.5 ? t("Reconnecting in {seconds} s", { seconds: Math.ceil(retryInS) }) : t("Reconnecting …");
  return { kind: "lost", mark: "warn", strong, parts: heard ? [t("as of {time}", { time: clockText(heard) })] : [t("no answer yet")], retry: true };
}

function behindText({ behind_s: behind }) {
  return t("{time} behind", { time: agoText(behind) });
}

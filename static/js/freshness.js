/*
 * Freshness: what the chip says. Words only, from what is known now.
 *
 * Live is said only while beats come and the server knows how old its picture is; everything else says what is wrong.
 */
import { agoText, clockText } from "./numbers.js";

/** Older than this is said with ▲: the pipe from line to picture is stuck somewhere. */
const LATE_S = 5;

/**
 * Returns {mark, strong, parts, retry, kind}; kind is "live" | "late" | "wait" | "paused" | "lost" | "connecting".
 *
 * phase, retryInS: the socket's. beat: the last, or null. heard, at: the server's clock when it was heard, and of the
 * picture, unix seconds. moved: whether any node was ever seen to run.
 */
export function freshness({ phase, retryInS, beat, heard, at, paused, moved }) {
  if (phase === "connecting") return { kind: "connecting", mark: "idle", strong: "", parts: ["connecting …"] };
  if (phase !== "alive") return lost({ phase, retryInS, heard });
  if (paused) return { kind: "paused", mark: "idle", strong: "paused", parts: [`as of ${clockText(at)}`] };
  if (!beat) return { kind: "connecting", mark: "idle", strong: "", parts: ["connecting …"] };
  const hosts = beat.hosts_total ? [`${beat.hosts_alive}/${beat.hosts_total} ${beat.hosts_total === 1 ? "host" : "hosts"}`] : [];
  if (beat.behind_s === null) return { kind: "late", mark: "warn", strong: "not live", parts: [beat.problems[0] ?? "nothing is known of the collector", ...hosts] };
  if (beat.behind_s > LATE_S) return { kind: "late", mark: "warn", strong: `${agoText(beat.behind_s)} behind`, parts: [...beat.problems.slice(0, 1), ...hosts] };
  if (!moved) return { kind: "wait", mark: "idle", strong: "", parts: ["waiting for the first line", ...hosts] };
  if (beat.problems.length) return { kind: "live", mark: "warn", strong: "live", parts: [beat.problems[0], ...hosts] };
  return { kind: "live", mark: "ok", strong: "live", parts: [`${agoText(beat.behind_s)} behind`, ...hosts] };
}

/** Whether the picture must not look alive. */
export const isDead = ({ kind }) => kind === "lost" || kind === "late";

/** What a screen reader is told: the same without the numbers that change twice a second. */
export function spoken({ kind, strong, parts }) {
  if (kind === "live" && parts.length) return parts[0].endsWith("behind") ? "live" : `live, ${parts[0]}`;
  if (kind === "lost") return "connection lost, reconnecting";
  if (kind === "late") return `not live, ${parts[0] ?? "behind"}`;
  return [strong, ...parts].filter(Boolean).join(" ");
}

function lost({ phase, retryInS, heard }) {
  const strong = phase === "waiting" && retryInS >= 0.5 ? `Reconnecting in ${Math.ceil(retryInS)} s` : "Reconnecting …";
  return { kind: "lost", mark: "warn", strong, parts: heard ? [`as of ${clockText(heard)}`] : ["no answer yet"], retry: true };
}

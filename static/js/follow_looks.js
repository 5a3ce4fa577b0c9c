/* FollowLooks: what a followed request lays over the graph: its hops as badges in their order, and the lines it went along. */
import { durationText } from "./numbers.js";
import { t } from "./text.js";

/** How a hop ended. */
export const WORDS = { done: t("done"), failed: t("failed"), ignored: t("ignored"), running: t("running"), missing: t("not seen") };
export const TONES = { done: "ok", failed: "fail", ignored: "warn", running: "wait", missing: "ink" };

/** {badges, lines} of what the server answers (interfaces/follow.py); step: the hop somebody looks at, -1 for none. */
export function followLooks({ hops, lines }, step) {
  const said = hops.map(({ id, status, ran_ms: ran }, at) => ({ id, tone: TONES[status], text: `${at + 1}${ran === null ? "" : ` · ${durationText(ran)}`}` }));
  return {
    badges: badgesOf(said, step),
    lines: lines.map(([source, target, status]) => ({ source, target, text: status === "missing" ? WORDS.missing : "→", tone: TONES[status] })),
  };
}

/** Node id → its badge. One that is passed again says how often; the one somebody looks at says what is there. */
export function badgesOf(said, step) {
  const badges = new Map();
  for (const [at, { id, tone, text }] of said.entries()) {
    const before = badges.get(id), first = before?.first ?? at + 1, count = (before?.count ?? 0) + 1;
    badges.set(id, { text: before ? `${first} × ${count}` : text, tone: before?.tone === "fail" ? "fail" : tone, first, count });
  }
  if (said[step]) badges.set(said[step].id, { text: `▸ ${said[step].text}`, tone: "ink" });
  return badges;
}

/* FollowList: the runs of a request as rows with bars: when each began, how long it had waited and how long it ran. */
import { el } from "./dom.js";
import { TONES, WORDS } from "./follow_looks.js";
import { t } from "./text.js";
import { plain } from "./text_fit.js";

/** Of a bar, %: what took no time is seen, too. */
const LEAST = 0.5;

/** told: what the server answers (interfaces/follow.py). */
export function followList({ hops, newest, took_ms: took, sampling, others = [] }) {
  if (!hops.length) return [el("p", {}, t("Kept whole most lately:")), el("ul", {}, ...newest.map(offer))];
  const also = others.length ? [el("p", {}, t("The same id has other requests:")), el("ul", {}, ...others.map((id) => offer({ id, at: "" })))] : [];
  return [el("ol", { class: "hops" }, ...hops.map((hop, at) => row(hop, at, took))), el("p", {}, sampling), ...also];
}

function row({ id, name, app, stream, status, began_ms: began, ran_ms: ran, waited_ms: waited, server, words, href }, at, took) {
  const from = stream ? t("from {stream}", { stream: plain(stream) }) : "", share = (ms) => (took ? (100 * ms) / took : 0);
  const bar = el("div", { class: "hop-bar", "aria-hidden": "true" });
  if (began !== null) {
    if (waited) bar.append(part("waited", share(began - waited), share(waited)));
    bar.append(part(status, share(began), status === "running" ? 100 - share(began) : share(ran ?? 0)));
  }
  return el("li", { class: "hop" },
    el("p", {}, el("b", { class: `lens-badge ${TONES[status]}` }, `${at + 1} ${WORDS[status]}`), el("a", { href, "data-node": id }, plain(name)), el("small", {}, [plain(app), from, plain(server)].filter(Boolean).join(" · "))),
    bar, el("small", {}, plain(words)));
}

function part(kind, left, width) {
  const bar = el("i", { class: kind });
  bar.style.setProperty("--from", `${Math.max(0, Math.min(100 - LEAST, left))}%`);
  bar.style.setProperty("--long", `${Math.max(LEAST, Math.min(100, width))}%`);
  return bar;
}

function offer({ id, at }) {
  return el("li", {}, el("a", { href: `?${new URLSearchParams({ follow: id })}`, "data-follow": id }, plain(id)), el("small", {}, at));
}

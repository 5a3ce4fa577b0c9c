/* Icons (16 × 16) and status marks (14 × 14 around 0,0), as path texts: the canvas and the page draw the same ones. */
import { t } from "./text.js";

export const ICONS = {
  http: "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M1.8 8h12.4M8 1.8c-3.6 3.6-3.6 8.8 0 12.4M8 1.8c3.6 3.6 3.6 8.8 0 12.4",
  consumer: "M8 2v7M5 6.3 8 9.3l3-3M2 9.5V13.5h12V9.5",
  service: "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M8 4.6V8l2.5 1.6",
  stream: "M1.5 5.5c2.2-2.4 4.3-2.4 6.5 0s4.3 2.4 6.5 0M1.5 10.5c2.2-2.4 4.3-2.4 6.5 0s4.3 2.4 6.5 0",
  dangling: "M5.6 6c.2-3 5-2.8 4.8 0C10.3 8 8 7.9 8 10M8 12.6v.1",
  external: "M4.5 12.5a3 3 0 0 1-.3-6a4 4 0 0 1 7.6-.4a3.2 3.2 0 0 1 0 6.4z",
  file: "M4 1.8h5.5L12.5 5v9.2H4zM9.3 1.8V5.2h3.2M6.3 8.5h4M6.3 11.3h2.5",
  plug: "M5.5 2v3M10.5 2v3M3.5 5h9v2.5a4.5 4.5 0 0 1-9 0zM8 12v2.5",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.5 10.5l3 3",
  check: "M3 8.5 6.5 12 13 4.5",
  pin: "M5.8 3h4.4M6.4 3v4.2L4.6 9.4h6.8L9.6 7.2V3M8 9.4v4",
  chevron: "M4.5 2.5 8 6l-3.5 3.5",
};

/** State → its strokes and fills: [path, what it is painted with]. The classes of marks.css carry the same names. */
export const MARKS = {
  ok: [["M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0", "m-ok"]],
  fail: [["M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0", "m-fail"], ["M-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6", "m-x"]],
  warn: [["M0-6.5 7 6H-7Z", "m-warn"], ["M0-2V2M0 4V4.1", "m-bang"]],
  wait: [["M-5-7H5V-5.5C5-2.5 1.5-1.5 1.5 0S5 2.5 5 5.5V7H-5V5.5C-5 2.5-1.5 1.5-1.5 0S-5-2.5-5-5.5Z", "m-wait"]],
  unknown: [["M-6 1 1-6M-6 6 6-6M-1 6 6-1", "m-unknown"]],
  idle: [["M-4 0H4", "m-idle"]],
};

/** What a state is called. */
export const WORDS = { ok: t("healthy"), warn: t("degraded"), fail: t("failing"), wait: t("waiting"), unknown: t("unknown"), idle: t("idle") };

/** Which outline and icon a node has: http | consumer | service | stream | request | dangling | external. */
export function shapeOf({ kind = "app", event_type: type }) {
  if (kind !== "event") return kind;
  if (type === "STREAM") return "consumer";
  return type === "SERVICE" || type === "SETUP" ? "service" : "http";
}

/** What a kind of node is called. */
export const KIND_WORDS = {
  http: t("HTTP event"), consumer: t("stream consumer"), service: t("service"), stream: t("stream"), request: t("entry"), dangling: t("unknown target"), external: t("outside"),
};

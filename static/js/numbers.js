/* Numbers as people read them: short, the unit always said, – for what is not known. */

const NONE = "–";

/** 0 → "0", 0.04 → "0.04", 0.43 → "0.4", 12.3 → "12", 1130 → "1.1k". */
export function shortNumber(value) {
  if (value === null || value === undefined) return NONE;
  if (value === 0) return "0";
  if (value < 0.1) return value.toFixed(2);
  if (value < 9.95) return trimmed(value.toFixed(1));
  if (value < 999.5) return value.toFixed(0);
  if (value < 9950) return `${trimmed((value / 1000).toFixed(1))}k`;
  if (value < 999_500) return `${(value / 1000).toFixed(0)}k`;
  return `${trimmed((value / 1e6).toFixed(1))}M`;
}

/** Runs per second. */
export const rateText = (perS) => `${shortNumber(perS)}/s`;

/** Milliseconds: 0.4 → "0.4 ms", 38.2 → "38 ms", 3210 → "3.2 s", 140000 → "2.3 min". */
export function durationText(ms) {
  if (ms === null || ms === undefined) return NONE;
  if (ms < 9.95) return `${trimmed(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 99_500) return `${ms < 9950 ? trimmed((ms / 1000).toFixed(1)) : (ms / 1000).toFixed(0)} s`;
  return `${trimmed((ms / 60_000).toFixed(1))} min`;
}

/** 0.1243 → "12.4 %". */
export const percentText = (share) => `${trimmed((share * 100).toFixed(1))} %`;

/** Share of the ended runs that failed, 0 … 1. */
export function failedShare({ done, failed, ignored }) {
  const ended = done + failed + ignored;
  return ended ? failed / ended : 0;
}

/** Unix seconds → "12:03:11", in the reader's own time zone. */
export function clockText(unixS) {
  const time = new Date(unixS * 1000);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** The same with its day, when that is not the day of `now`: "2026-11-28 12:03:11". */
export function dayText(unixS, now) {
  const [day, today] = [unixS, now].map((at) => new Date(at * 1000).toLocaleDateString("sv"));
  return day === today ? clockText(unixS) : `${day} ${clockText(unixS)}`;
}

/** 0.31 → "0.3 s", 7.2 → "7 s", 130 → "2 min", 7200 → "2 h", 864000 → "10 d". */
export function agoText(s) {
  if (s < 9.95) return `${Math.max(0, s).toFixed(1)} s`;
  if (s < 99.5) return `${s.toFixed(0)} s`;
  if (s < 5970) return `${(s / 60).toFixed(0)} min`;
  return s < 172_800 ? `${(s / 3600).toFixed(0)} h` : `${(s / 86_400).toFixed(0)} d`;
}

function trimmed(text) {
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}

/*
 * Palette: the colours of tokens.css as the canvas needs them. A custom property that holds light-dark() has no computed
 * colour of its own, so a probe wears each in turn.
 */

const ROLES = [
  "canvas", "surface", "box", "box-line", "card", "card-line", "line-strong", "hover", "text", "text-2", "text-3", "ink", "on-ink", "edge",
  "ok", "ok-text", "ok-tint", "warn", "warn-text", "warn-tint", "on-warn", "fail", "fail-text", "fail-tint", "on-fail",
  "wait", "wait-text", "wait-tint", "wait-level", "idle", "idle-text", "idle-tint", "unknown", "unknown-text", "unknown-tint", "level",
];

/** Returns {role: colour, …, sans: font families}; roles keep their names, e.g. palette["fail-tint"]. */
export function readPalette() {
  const probe = document.createElement("i");
  // With forced colours it would wear the text's, whatever it was told.
  probe.style.setProperty("forced-color-adjust", "none");
  document.body.append(probe);
  const style = getComputedStyle(probe), palette = { sans: getComputedStyle(document.body).fontFamily };
  for (const role of ROLES) {
    probe.style.color = `var(--${role})`;
    palette[role] = style.color;
  }
  probe.remove();
  return palette;
}

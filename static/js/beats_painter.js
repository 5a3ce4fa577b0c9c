/* BeatsPainter: how an app did, half a minute a bar: its height says how much ran, and whether that went well. */

/** A bar and the gap after it, at most, CSS pixels. */
const PITCH_PX = 10;
const BAR = 0.64;
/** What the states stand for, of the whole height; a healthy bar grows with what ran. */
const HEIGHTS = { idle: 0.12, warn: 0.85, fail: 1 };
const QUIETEST = 0.35, BUSIEST = 0.65;

/** beats: [[runs, state], …], oldest first; box: [x, y, w, h] in screen pixels. */
export function paintBeats(context, beats, [x, y, w, h], palette) {
  const most = Math.max(1, ...beats.map(([runs]) => runs)), pitch = Math.min(PITCH_PX, w / beats.length);
  for (const [i, [runs, state]] of beats.entries()) {
    const height = h * (HEIGHTS[state] ?? QUIETEST + (BUSIEST - QUIETEST) * (runs / most));
    context.fillStyle = palette[state];
    context.beginPath();
    context.roundRect(x + i * pitch, y + h - height, pitch * BAR, height, Math.min(1.5, height / 2));
    context.fill();
  }
}

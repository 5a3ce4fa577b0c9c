/* Glide: things go to their new places so that the eye can follow: 300 ms, or at once where motion is not wanted. */

const GLIDE_MS = 300;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let gliding = 0;

/** moves: [{thing, from, to}]. show(): draw what has moved. A new glide ends the one before where it is. */
export function glide(moves, show) {
  const turn = ++gliding;
  if (!moves.length || still.matches || document.hidden) return settle(moves);
  const began = performance.now();
  const step = (now) => {
    if (turn !== gliding) return;
    const done = Math.min(1, Math.max(0, (now - began) / GLIDE_MS)), eased = 1 - (1 - done) ** 3;
    if (done < 1) requestAnimationFrame(step);
    for (const { thing, from, to } of moves) thing.box = done < 1 ? from.map((value, place) => value + (to[place] - value) * eased) : to;
    show();
  };
  requestAnimationFrame(step);
}

/** Where they belong, at once. */
export function settle(moves) {
  gliding++;
  for (const { thing, to } of moves) thing.box = to;
}

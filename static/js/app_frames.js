/* AppFrames: where an app's nodes stand: in its box, and in the annexes it got when it had no room left to grow. */

/** All of them, its box first. */
export function framesOf({ box, annexes = [] }) {
  return annexes.length ? [box, ...annexes] : [box];
}

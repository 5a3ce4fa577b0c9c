/* Pointed: what is under the pointer. Far away there are only apps to point at. */
import { detailAt } from "./painter.js";

export const NOTHING = Object.freeze({ node: null, run: null, app: null });

/** {node, run, app} at a place on the screen; null for what is not there or not told apart at this distance. */
export function pointedAt(scene, viewport, screenX, screenY) {
  const { scale } = viewport, point = viewport.toWorld(screenX, screenY), detail = detailAt(scale);
  const node = detail === "cards" ? null : scene.nodeAt(point, scale);
  const run = node || detail === "cards" ? null : scene.runAt(point, scale);
  const app = ["far", "cards"].includes(detail) ? scene.appAt(point) : null;
  return { node, run, app };
}

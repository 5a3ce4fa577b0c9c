/* Gestures: mouse, touch and wheel on the canvas become pans, zooms, drags, clicks and hovers. */

/** A press that moves less is a click. */
const CLICK_SLOP_PX = 4;
/** One notch of a wheel is 100 px in most browsers: about a quarter in or out. */
const WHEEL_ZOOM_PER_PX = 0.0022;

/**
 * on: {pan(dx, dy), zoom(factor, x, y), click(x, y), hover(x, y), leave(), grab(x, y) → {move(dx, dy), drop()} of what is there
 * to be dragged, or null}, screen coordinates inside the canvas. A finger drags nothing: it pans.
 */
export function listenForGestures(canvas, on) {
  const pointers = new Map();
  let moved = false, held = null;

  const place = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (!pointers.size) moved = false;
    pointers.set(event.pointerId, { ...place(event), startX: event.clientX, startY: event.clientY });
  });

  canvas.addEventListener("pointermove", (event) => {
    const now = place(event), before = pointers.get(event.pointerId);
    if (!before) return on.hover(now.x, now.y);
    const far = Math.hypot(event.clientX - before.startX, event.clientY - before.startY) > CLICK_SLOP_PX;
    if (!moved && !far) return;
    if (!moved && event.pointerType !== "touch") held = on.grab(before.x, before.y);
    moved = true;
    canvas.classList.add("dragging");
    if (pointers.size === 1) (held?.move ?? on.pan)(now.x - before.x, now.y - before.y);
    if (pointers.size === 2) pinch(event.pointerId, before, now);
    Object.assign(before, now);
  });

  const lift = (event) => {
    const before = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (!pointers.size) canvas.classList.remove("dragging");
    held?.drop();
    held = null;
    if (before && event.type === "pointerup" && !moved) on.click(before.x, before.y);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => on.leave());

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x, y } = place(event);
    const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY;
    on.zoom(Math.exp(-px * WHEEL_ZOOM_PER_PX * (event.ctrlKey ? 4 : 1)), x, y);
  }, { passive: false });

  /** Two fingers: what lies between them follows them. */
  function pinch(id, before, now) {
    const [other] = [...pointers].filter(([key]) => key !== id).map(([, value]) => value);
    const was = Math.hypot(before.x - other.x, before.y - other.y), is = Math.hypot(now.x - other.x, now.y - other.y);
    on.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    if (was > 0) on.zoom(is / was, (now.x + other.x) / 2, (now.y + other.y) / 2);
  }
}

/* ReplayKeys: the arrow keys while the graph is shown as it was: they go through time, on the whole page but where something has arrows of its own. */

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
/** Held down further: so many at once. */
const FURTHER = 6;

/** isThen(): whether the graph is of another time. step(by): go so many steps. */
export function listenForSteps({ isThen, step }) {
  // Before the stage takes them for steps along connections.
  addEventListener("keydown", (event) => {
    const by = STEPS[event.key];
    if (!by || !isThen() || event.altKey || event.ctrlKey || event.metaKey || !isFree(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    step(event.shiftKey ? by * FURTHER : by);
  }, true);
}

/** Whether nothing that has the focus wants arrows itself. */
function isFree(target) {
  const hasOwn = target.closest("[role=radiogroup], input, select, textarea, dialog");
  return target === document.body || !hasOwn && Boolean(target.closest(".stage, .player, footer.time"));
}

/* LintPart (a part): flags on the nodes of which the linter says something, and how many findings are open. */
import { setText } from "./dom.js";
import { flagRows } from "./flag_view.js";

/** The worker checks when configs change, and twice a minute. */
const EVERY_MS = 10_000;

export function lintFlags({ config, state, stage, tree, followers }) {
  const count = document.getElementById("lint-count"), rows = document.getElementById("apps");
  let askedAt = -Infinity, askedView = "";
  followers.push(() => {
    const now = performance.now(), { view } = state;
    // Each time: rows come and go as the tree is scrolled.
    flagRows(rows, tree.lines, stage.scene.findings);
    if (document.hidden || (view === askedView && now - askedAt < EVERY_MS)) return;
    [askedAt, askedView] = [now, view];
    ask(config.flags[view]).then((told) => {
      // An answer for the view that was left would flag nodes that are not there.
      if (!told || state.view !== view) return;
      stage.scene.findings = new Map(Object.entries(told.nodes));
      stage.redraw();
      setText(count, told.open ? String(told.open) : "");
    });
  });
}

/** What stands stays while the server is away: the chip says so. */
async function ask(address) {
  try {
    const answer = await fetch(address);
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
}

/* FlagView: the linter's flags in the tree, which is the graph for whoever cannot see it. */
import { svg } from "./dom.js";
import { gravest } from "./app_flags.js";
import { CLOTH, POLE } from "./flag_painter.js";
import { t } from "./text.js";

const SAID = { error: t("lint: error"), warning: t("lint: warning"), info: t("lint: info") };

/** Give each row that is there its flag, a folded app's that of its nodes. lines: of the tree. findings: node id → severity. */
export function flagRows(home, lines, findings) {
  const folded = new Map(lines.filter(({ item, unfolded }) => !item && !unfolded).map(({ id, app }) => [id, gravest(app.nodes, findings)]));
  for (const row of home.querySelectorAll("[data-row]")) {
    const severity = folded.get(row.dataset.row) ?? findings.get(row.dataset.row) ?? "";
    if (severity === (row.dataset.finding ?? "")) continue;
    row.dataset.finding = severity;
    row.querySelector(".flag")?.remove();
    if (severity) row.querySelector(".n").after(flag(severity));
  }
}

function flag(severity) {
  const look = { class: `flag ${severity}`, viewBox: "0 0 16 16", width: 14, height: 14, role: "img", "aria-label": SAID[severity] };
  return svg("svg", look, svg("path", { d: POLE }), svg("path", { class: "cloth", d: CLOTH }));
}

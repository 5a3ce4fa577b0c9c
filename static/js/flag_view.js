/* FlagView: the linter's flags in the tree, which is the graph for whoever cannot see it. */
import { svg } from "./dom.js";
import { CLOTH, POLE } from "./flag_painter.js";

/** Give each row that is there its flag. findings: node id → severity. */
export function flagRows(home, findings) {
  for (const row of home.querySelectorAll("[data-row]")) {
    const severity = findings.get(row.dataset.row) ?? "";
    if (severity === (row.dataset.finding ?? "")) continue;
    row.dataset.finding = severity;
    row.querySelector(".flag")?.remove();
    if (severity) row.querySelector(".n").after(flag(severity));
  }
}

function flag(severity) {
  const look = { class: `flag ${severity}`, viewBox: "0 0 16 16", width: 14, height: 14, role: "img", "aria-label": `lint: ${severity}` };
  return svg("svg", look, svg("path", { d: POLE }), svg("path", { class: "cloth", d: CLOTH }));
}

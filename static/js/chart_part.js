/* ChartPart (a part): the charts of the panel. */
import { ChartView } from "./chart_view.js";

export function charts({ panel }) {
  panel.charts = new ChartView(document.getElementById("panel-content"));
}

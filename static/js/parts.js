/*
 * Parts: what the graph page can do beyond drawing, each in a file of its own. A part is a function that is given the page
 * once, before anything is shown: {config, state, graph, stage, tree, finding, feed, panel, select(id), filter(changes),
 * refilter({fit}), rebuild(), keys, leaves, followers}.
 *
 * It may add to keys (key → what it does; keys.js lists it), to leaves (what Escape leaves; leaves.js), and to followers,
 * which are called with {alive, live, beat} whenever lists and chip are shown anew, four times a second; live: what is shown is
 * what is now.
 *
 * What the first picture does without belongs into rest.js instead: it is loaded when that is drawn, or asked for.
 */
import { beats } from "./beats.js";
import { drift } from "./drift_part.js";
import { edgeLabels } from "./edge_labels.js";
import { exportGraph } from "./export_graph.js";
import { foldNote } from "./fold_note.js";
import { leaves } from "./leaves.js";
import { looking } from "./looking.js";
import { placing } from "./placing.js";
import { rest } from "./rest_part.js";
import { savedViews } from "./saved_views.js";
import { moment } from "./moment_part.js";
import { tidy } from "./tidy.js";
import { twin } from "./twin.js";
import { undo } from "./undo.js";

export const PARTS = [
  leaves,
  undo,
  placing,
  tidy,
  looking,
  savedViews,
  twin,
  drift,
  beats,
  foldNote,
  edgeLabels,
  exportGraph,
  moment,
  rest,
];

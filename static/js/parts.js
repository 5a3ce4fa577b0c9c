/*
 * Parts: what the graph page can do beyond drawing, each in a file of its own. A part is a function that is given the page
 * once, before anything is shown: {config, state, graph, stage, tree, finding, feed, panel, select(id), filter(changes),
 * refilter({fit}), rebuild(), keys, leaves, followers}.
 *
 * It may add to keys (key → what it does; keys.js lists it), to leaves (asked by Escape in turn: each answers whether there
 * was something to leave), and to followers, which are called with {alive, live, beat} whenever lists and chip are shown
 * anew, four times a second; live: what is shown is what is now.
 */
import { beats } from "./beats.js";
import { blastRadius } from "./blast_part.js";
import { markChanges } from "./changed_part.js";
import { drift } from "./drift_part.js";
import { edgeLabels } from "./edge_labels.js";
import { exportGraph } from "./export_graph.js";
import { exportPicture } from "./export_picture.js";
import { foldNote } from "./fold_note.js";
import { followOperation } from "./follow_part.js";
import { keysDialog } from "./keys_dialog.js";
import { kiosk } from "./kiosk.js";
import { lintFlags } from "./lint_part.js";
import { tellNews } from "./news_part.js";
import { looking } from "./looking.js";
import { placing } from "./placing.js";
import { savedViews } from "./saved_views.js";
import { moment } from "./moment_part.js";
import { tidy } from "./tidy.js";
import { timeBar } from "./time_part.js";
import { tour } from "./tour.js";
import { treeMarks } from "./tree_marks.js";
import { twin } from "./twin.js";
import { undo } from "./undo.js";

export const PARTS = [
  undo,
  placing,
  tidy,
  looking,
  savedViews,
  twin,
  drift,
  tellNews,
  beats,
  foldNote,
  keysDialog,
  edgeLabels,
  exportGraph,
  exportPicture,
  kiosk,
  tour,
  lintFlags,
  markChanges,
  blastRadius,
  followOperation,
  moment,
  timeBar,
  treeMarks,
];

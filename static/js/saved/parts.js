/* Parts of the page in a file: those that need no server, and what a saved moment adds. Stands for ../parts.js. */
import { edgeLabels } from "../edge_labels.js";
import { exportPicture } from "../export_picture.js";
import { foldNote } from "../fold_note.js";
import { keysDialog } from "../keys_dialog.js";
import { leaves } from "../leaves.js";
import { looking } from "../looking.js";
import { moment } from "../moment_part.js";
import { placing } from "../placing.js";
import { timeBar } from "../time_part.js";
import { treeMarks } from "../tree_marks.js";
import { twin } from "../twin.js";
import { undo } from "../undo.js";
import { frames, stayThen } from "./frames.js";

export const PARTS = [
  leaves,
  undo,
  placing,
  looking,
  twin,
  foldNote,
  keysDialog,
  edgeLabels,
  exportPicture,
  moment,
  frames,
  timeBar,
  treeMarks,
  stayThen,
];

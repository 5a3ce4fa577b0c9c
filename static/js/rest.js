/*
 * Rest: the parts that the first picture does without. rest_part.js begins them; what people ask them by stands there. Of what an
 * address brings all at once, Escape leaves what a later one brings first.
 */
import { blastRadius } from "./blast_part.js";
import { markChanges } from "./changed_part.js";
import { charts } from "./chart_part.js";
import { differences } from "./differences_part.js";
import { exportPicture } from "./export_picture.js";
import { followOperation } from "./follow_part.js";
import { keysDialog } from "./keys_dialog.js";
import { kiosk } from "./kiosk.js";
import { lintFlags } from "./lint_part.js";
import { shareMoment } from "./share_part.js";
import { tellNews } from "./news_part.js";
import { replay } from "./replay_part.js";
import { timeBar } from "./time_part.js";
import { tour } from "./tour.js";
import { treeMarks } from "./tree_marks.js";

export const REST = [
  charts,
  tellNews,
  keysDialog,
  exportPicture,
  shareMoment,
  kiosk,
  tour,
  lintFlags,
  differences,
  markChanges,
  blastRadius,
  followOperation,
  replay,
  timeBar,
  treeMarks,
];

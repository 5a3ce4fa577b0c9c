/* SharePart (a part): the menu's items and the key that share the moment that is shown: as a link, or as a file. */
import { onMenu } from "./menu.js";
import { saveMoment } from "./save_moment.js";
import { shareDialog } from "./share_dialog.js";

export function shareMoment(page) {
  const open = shareDialog(page);
  page.keys.s = open;
  onMenu("menu-share", open);
  onMenu("menu-save", async () => page.undo.say(await saveMoment(page)));
}

/* ChangesPage: what the page about changes does beyond htmx: a diff can be copied. */
import { listenForTexts } from "./panel_texts.js";

listenForTexts(document.body);

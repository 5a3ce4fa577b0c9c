/*
 * ExportPicture: what is seen, as a file: PNG, two dots a CSS pixel, or SVG, drawn by the same painters. A part of the graph
 * page (parts.js).
 */
import { svg } from "./dom.js";
import { withInk } from "./ink.js";
import { onMenu } from "./menu.js";
import { readPalette } from "./palette.js";
import { Scene } from "./scene.js";
import { SvgContext } from "./svg_context.js";

const DENSITY = 2;
const VIEWS = { standard: "streams", expanded: "queues" };
/** As base.css has it for a picture that is held. */
const HELD = 0.3;

export function exportPicture(page) {
  onMenu("menu-png", async () => saveFile(await pngOf(page), `${nameOf(page)}.png`));
  onMenu("menu-svg", () => saveFile(new Blob([svgOf(page)], { type: "image/svg+xml" }), `${nameOf(page)}.svg`));
}

/** eventscope-streams-2026-11-28-120311: the view and the time of the picture, in the reader's time zone. */
function nameOf({ state, graph }) {
  const at = new Date(graph.at * 1000), two = (part) => String(part).padStart(2, "0");
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(two).join("-"), time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join("");
  return `eventscope-${VIEWS[state.view]}-${day}-${time}`;
}

async function pngOf({ stage }) {
  const { width, height } = stage.viewport, picture = canvasOf(width, height), drawn = canvasOf(width, height);
  stage.paint(drawn.getContext("2d"), DENSITY);
  const context = picture.getContext("2d");
  context.fillStyle = readPalette().canvas;
  context.fillRect(0, 0, picture.width, picture.height);
  if (isHeld()) context.filter = `saturate(${HELD})`;
  context.drawImage(drawn, 0, 0);
  return new Promise((done) => picture.toBlob(done, "image/png"));
}

function svgOf(page) {
  const { width, height } = page.stage.viewport, name = nameOf(page);
  const drawn = new SvgContext(canvasOf(1, 1).getContext("2d")), held = isHeld();
  withInk(() => page.stage.paint(drawn, 1, sceneAgain(page)));
  if (held) drawn.root.setAttribute("filter", "url(#held)");
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height },
    svg("title", {}, name), svg("desc", {}, location.search.slice(1)),
    held && svg("filter", { id: "held" }, svg("feColorMatrix", { type: "saturate", values: HELD })),
    svg("rect", { width, height, fill: readPalette().canvas }), drawn.root);
  return new XMLSerializer().serializeToString(root);
}

/** The same scene with lines of its own: paths that were made for the canvas do not tell what they are made of. */
function sceneAgain({ graph, stage, finding }) {
  const scene = Object.assign(new Scene(graph), stage.scene);
  scene.rebuild(finding.filters);
  return scene;
}

function isHeld() {
  return document.body.classList.contains("lost");
}

function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * DENSITY);
  canvas.height = Math.round(height * DENSITY);
  return canvas;
}

/** Give it to the browser to keep. */
export function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

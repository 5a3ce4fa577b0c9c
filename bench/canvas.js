/* What bench/canvas.py runs in the page: each is called with its argument and answers milliseconds. */
const FRAME = () => new Promise(requestAnimationFrame);
const PAINTED = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

globalThis.bench = {
  firstPaint: async (snapshot) => {
  const began = performance.now();
  fake.say(snapshot);
  await PAINTED();
  return performance.now() - began;
},

  /** Frames one after the other, as fast as they come; the time from one to the next. */
  frames: async ([count, kind]) => {
  const stage = document.querySelector("#graph");
  const { width, height, left, top } = stage.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true, pointerId: 1, isPrimary: true, button: 0, buttons: 1, pointerType: "mouse" };
  const times = [];
  if (kind === "pan") stage.dispatchEvent(new PointerEvent("pointerdown", at));
  await FRAME();
  let last = performance.now();
  for (let i = 1; i <= count; i++) {
    if (kind === "pan") stage.dispatchEvent(new PointerEvent("pointermove", { ...at, clientX: at.clientX + 4 * i, clientY: at.clientY + 2 * i }));
    else stage.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY: i <= count / 2 ? -40 : 40 }));
    await FRAME();
    times.push(performance.now() - last);
    last = performance.now();
  }
  if (kind === "pan") stage.dispatchEvent(new PointerEvent("pointerup", at));
  return times;
},

  update: async (updates) => {
  const times = [];
  for (const update of updates) {
    const began = performance.now();
    fake.say(update);
    await PAINTED();
    times.push(performance.now() - began);
  }
  return times;
},

  cytoscapePaint: async ({ nodes, edges }) => {
  const began = performance.now();
  const elements = [
    ...nodes.map(({ id, name, box: [x, y, w, h] }) => ({ data: { id, name, w, h }, position: { x: x + w / 2, y: y + h / 2 } })),
    ...edges.map(({ id, source, target }) => ({ data: { id, source, target } })),
  ];
  globalThis.cy = cytoscape({
    container: document.querySelector("#graph"), elements, layout: { name: "preset" },
    hideEdgesOnViewport: false, textureOnViewport: false, pixelRatio: 1,
    style: [
      { selector: "node", style: { label: "data(name)", width: "data(w)", height: "data(h)", shape: "round-rectangle", "background-color": "#fff", "border-width": 1, "text-valign": "center", "font-size": 13 } },
      { selector: "edge", style: { "curve-style": "bezier", "target-arrow-shape": "triangle", width: 1.5 } },
    ],
  });
  cy.fit();
  await PAINTED();
  return performance.now() - began;
},

  cytoscapeFrames: async ([count, kind]) => {
  const times = [], zoom = cy.zoom();
  let last = performance.now();
  for (let i = 1; i <= count; i++) {
    if (kind === "pan") cy.panBy({ x: 4, y: 2 });
    else cy.zoom({ level: zoom * 1.09 ** (i <= count / 2 ? i : count - i), renderedPosition: { x: 720, y: 450 } });
    await FRAME();
    times.push(performance.now() - last);
    last = performance.now();
  }
  return times;
},

  cytoscapeUpdate: async (ids) => {
  const times = [];
  for (let turn = 0; turn < 10; turn++) {
    const began = performance.now();
    cy.batch(() => ids.forEach((id) => cy.getElementById(id).data("name", `${turn}/s`)));
    await PAINTED();
    times.push(performance.now() - began);
  }
  return times;
},
};

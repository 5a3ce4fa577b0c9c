/* PanelWidth: the handle by which the panel is made wider, by pointer or arrow keys. Kept in this browser. */

const KEY = "eventscope.panel-width";
const NARROWEST = 320, USUAL = 360, STEP = 16;
/** What the graph keeps, whatever the panel wants. */
const LEFT_FOR_GRAPH = 480;

export class PanelWidth {
  #panel; #handle; #width;

  constructor({ panel, handle }) {
    [this.#panel, this.#handle] = [panel, handle];
    this.#set(Number(kept()) || USUAL);
    handle.addEventListener("pointerdown", (event) => this.#grab(event));
    handle.addEventListener("dblclick", () => this.#keep(USUAL));
    handle.addEventListener("keydown", (event) => {
      const wanted = { ArrowLeft: this.#width + STEP, ArrowRight: this.#width - STEP, Home: widest(), End: NARROWEST }[event.key];
      if (wanted === undefined) return;
      event.preventDefault();
      this.#keep(wanted);
    });
    addEventListener("resize", () => this.#set(Number(kept()) || USUAL));
  }

  #grab(down) {
    if (down.button !== 0) return;
    down.preventDefault();
    this.#handle.focus();
    this.#handle.setPointerCapture(down.pointerId);
    const start = this.#width + down.clientX;
    const drag = (event) => this.#keep(start - event.clientX);
    this.#handle.addEventListener("pointermove", drag);
    this.#handle.addEventListener("lostpointercapture", () => this.#handle.removeEventListener("pointermove", drag), { once: true });
  }

  #keep(width) {
    this.#set(width);
    try {
      localStorage.setItem(KEY, String(this.#width));
    } catch {
      // A browser that keeps nothing starts with the usual width again.
    }
  }

  #set(width) {
    this.#width = Math.round(Math.max(NARROWEST, Math.min(widest(), width)));
    this.#panel.style.setProperty("--panel", `${this.#width}px`);
    for (const [name, value] of [["min", NARROWEST], ["max", widest()], ["now", this.#width]]) this.#handle.setAttribute(`aria-value${name}`, value);
  }
}

const widest = () => Math.max(NARROWEST, innerWidth - LEFT_FOR_GRAPH);

function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

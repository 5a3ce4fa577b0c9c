/*
 * TourView: the card of the tour and the ring around what it explains. The card stands beside that, never on it; it has the
 * focus, and the page behind it goes on.
 */
import { setText } from "./dom.js";
import { t } from "./text.js";

const GAP = 16, EDGE = 12, RING = 6;

export class TourView {
  #card; #ring; #parts; #on;

  /** on: {next(), back(), act(), leave()}. */
  constructor(on) {
    const part = (name) => document.getElementById(`tour-${name}`);
    [this.#card, this.#ring, this.#on] = [document.getElementById("tour"), part("ring"), on];
    this.#parts = Object.fromEntries(["place", "title", "text", "task", "back", "next", "act"].map((name) => [name, part(name)]));
    for (const name of ["next", "back", "act"]) this.#parts[name].addEventListener("click", on[name]);
    part("leave").addEventListener("click", on.leave);
    this.#card.addEventListener("keydown", (event) => this.#press(event));
  }

  /** stop: of tour_stops.js. place: from 0. */
  show({ title, text, task = "", act }, place, of) {
    const parts = this.#parts;
    this.#card.hidden = false;
    for (const [name, words] of Object.entries({ place: t("{place} of {all}", { place: place + 1, all: of }), title, text, task, act: act?.label ?? "", next: place + 1 < of ? t("Next") : t("Done") })) setText(parts[name], words);
    parts.act.hidden = !act;
    parts.back.disabled = place === 0;
    this.focus();
  }

  focus() {
    this.#card.focus({ preventScroll: true });
  }

  hide() {
    this.#card.hidden = this.#ring.hidden = true;
  }

  get hasFocus() {
    return this.#card.contains(document.activeElement);
  }

  /** Beside a rectangle of the page; null for none. Returns whether there was room without covering it. */
  place(rect) {
    const { offsetWidth: w, offsetHeight: h } = this.#card, found = placeBeside(rect, { w, h, width: innerWidth, height: innerHeight });
    move(this.#card, found);
    this.#ring.hidden = !rect;
    if (rect) move(this.#ring, { left: rect.left - RING, top: rect.top - RING, width: rect.width + 2 * RING, height: rect.height + 2 * RING });
    return !found.covers;
  }

  #press(event) {
    const { next, back } = this.#on, does = { ArrowRight: next, ArrowLeft: back, Enter: event.target === this.#card ? next : null }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }
}

/** {left, top, covers}: where a card of w × h stands in a window without covering a rectangle, right of it first. Pure. */
export function placeBeside(rect, { w, h, width, height }) {
  const within = (value, size, room) => Math.max(EDGE, Math.min(value, room - size - EDGE));
  if (!rect) return { left: within((width - w) / 2, w, width), top: within(height - h - 96, h, height), covers: false };
  const { left, top, right, bottom } = rect, beside = within((top + bottom - h) / 2, h, height), along = within((left + right - w) / 2, w, width);
  const places = [
    { left: right + GAP, top: beside }, { left: left - GAP - w, top: beside }, { left: along, top: bottom + GAP }, { left: along, top: top - GAP - h },
  ];
  const fits = (at) => at.left >= EDGE && at.top >= EDGE && at.left + w <= width - EDGE && at.top + h <= height - EDGE;
  const found = places.find(fits);
  return found ? { ...found, covers: false } : { left: within(right + GAP, w, width), top: within(bottom + GAP, h, height), covers: true };
}

function move(element, { left, top, width, height }) {
  for (const [name, value] of Object.entries({ left, top, width, height })) if (value !== undefined) element.style.setProperty(`--${name}`, `${Math.round(value)}px`);
}

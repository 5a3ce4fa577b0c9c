/*
 * SavedMoments: what a file holds (visualizer/models/saved_moment.py), and what it answers in a server's place. No DOM.
 */
import { Graph } from "../graph.js";
import { clockText } from "../numbers.js";
import { t } from "../text.js";

export class SavedMoments {
  #saved;

  constructor(saved) {
    this.#saved = saved;
  }

  /** What was wrong with a node or an edge of the incident: {subject, rule, words, since_s, until_s}. */
  get members() {
    return this.#saved.members;
  }

  /** The time of the first frame, unix seconds. */
  get firstS() {
    return this.#saved.frames[0].at_s;
  }

  /** Where all of it ends, unix seconds. */
  get endS() {
    return this.#saved.frames.at(-1).at_s + this.#saved.step_s;
  }

  /** How many frames there are. */
  get count() {
    return this.#saved.frames.length;
  }

  /** Whether it holds the graph of a time. */
  has(atS) {
    return atS >= this.firstS && atS <= this.endS;
  }

  /** The graph at a time. */
  graphAt(atS) {
    const graph = new Graph();
    for (const { delta } of this.#saved.frames.slice(0, this.#placeAt(atS) + 1)) graph.apply(delta);
    return graph;
  }

  /** What interfaces/time_bar.py, moment(), answers: {delta, from_s, until_s, drawn, step_s}, or {why}. */
  moment(atS) {
    if (!this.has(atS)) return { why: this.count > 1 ? t("This file holds {from} – {until}.", { from: clockText(this.firstS), until: clockText(this.endS) }) : t("This file holds {time} alone.", { time: clockText(this.firstS) }) };
    const { delta, ...frame } = this.#whole(this.#placeAt(atS));
    return { ...frame, delta: { ...delta, at: atS }, step_s: this.#saved.step_s };
  }

  /** What replay.py, reel(), answers: {frames, marks, step_s, newest_s}, or {why}: it never arrives at now. */
  reel(fromS) {
    const { frames, step_s } = this.#saved, place = this.#placeAt(fromS), { marks } = this.#saved.time;
    if (place === frames.length - 1) return { why: this.#saved.goes_on ? t("The file ends here; the incident went on.") : t("The file ends here.") };
    return { frames: [this.#whole(place), ...frames.slice(place + 1)], marks: marks.filter(({ at_s: atS, until_s: untilS }) => atS <= this.endS && untilS >= fromS), step_s, newest_s: Infinity };
  }

  /** What time_bar() answers, of the steps that lie in a range; of all where none does. */
  span(fromS, untilS) {
    if (!(fromS < this.#saved.time.until_s && untilS > this.#saved.time.from_s)) return this.#saved.time;
    const { time } = this.#saved, first = Math.max(0, Math.floor((fromS - time.from_s) / time.step_s)), last = Math.max(first + 1, Math.ceil((untilS - time.from_s) / time.step_s));
    const [runs, failed] = [time.runs, time.failed].map((values) => values.slice(first, last)), from = time.from_s + first * time.step_s, until = from + runs.length * time.step_s;
    return { ...time, from_s: from, until_s: until, runs, failed, marks: time.marks.filter(({ at_s, until_s }) => at_s < until && (until_s || Infinity) >= from) };
  }

  /** A frame as the first one is told. */
  #whole(place) {
    const frame = this.#saved.frames[place], { nodes, edges, apps } = this.graphAt(frame.at_s);
    const add = { nodes: [...nodes.values()], edges: [...edges.values()], apps: [...apps.values()] };
    return { ...frame, delta: { type: "delta", seq: 0, view: this.#saved.view, at: frame.at_s, reset: true, add } };
  }

  /** Which frame is shown at a time, from 0. */
  #placeAt(atS) {
    return Math.max(0, this.#saved.frames.findLastIndex(({ at_s }) => at_s <= atS));
  }
}

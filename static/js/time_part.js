/*
 * TimePart (a part): the time bar above the footer, ?time=15m|1h|24h|7d|<from>..<to>: closed unless the address names a time.
 * While it is closed nothing is asked.
 */
import { answered } from "./answered.js";
import { backOf, nextBack } from "./earlier.js";
import { t } from "./text.js";
import { TimeBar } from "./time_bar.js";
import { nextMoment } from "./time_jump.js";
import { markCard } from "./time_marks.js";
import { readRange, spanText } from "./time_range.js";

const FIRST = "1h", FIRST_S = 3600;
/** What moves is asked for anew with each step, but not more often than that. */
const LEAST_MS = 5000;

export function timeBar({ config, state, feed, moment, replay, keys, leaves, followers }) {
  const toggle = document.getElementById("time-open"), numbers = new Map();
  const bar = new TimeBar({ range: (time) => show(time), span: (fromS, untilS) => show(spanText(fromS, untilS)), at: moment.go, marks: openCard, then: goFromList, against: config.differences && compare }, replay?.player());
  let asked = "", askedAt = 0, pending = null, told = null, back = null, opened = [], isJumping = false;

  document.querySelector("footer.time").before(bar.root);
  toggle.addEventListener("click", () => show(state.time ? "" : FIRST));
  keys.v = () => show(state.time ? "" : FIRST);
  if (config.differences) keys.y = () => compare(nextBack(state.against));
  keys[","] = () => jump(-1);
  keys["."] = () => jump(1);
  if (replay) Object.assign(replay, { jump, showThen: (atS) => bar.showThen(atS), begins: () => told?.from_s ?? Date.now() / 1000 - FIRST_S });

  /** With yesterday, last week or nothing. */
  function compare(against) {
    state.set({ against, time: state.time || FIRST });
    look();
  }

  function show(time) {
    state.set({ time, against: time && state.against });
    closeCard();
    look();
  }

  function look() {
    const range = readRange(state.time, Date.now() / 1000);
    toggle.setAttribute("aria-expanded", String(Boolean(range)));
    bar.root.hidden = !range;
    document.body.classList.toggle("timed", Boolean(range));
    bar.showThen(feed.then);
    if (!range) return void ([asked, pending, told] = ["", null, null]);
    const everyMs = Math.max(LEAST_MS, (told?.step_s ?? 0) * 1000), isNew = asked !== `${state.time} ${state.against}`;
    const isDue = !pending && (range.name || !told) && !document.hidden && performance.now() - askedAt > everyMs;
    if (isNew || isDue) ask(range, isNew);
  }

  async function ask({ name, fromS, untilS }, isNew) {
    asked = `${state.time} ${state.against}`;
    const mine = pending = {}, back = backOf(config.differences && state.against), shown = { range: name, against: back.name };
    if (isNew) bar.show(told = null, shown);
    const answer = await answered(`${config.time}?${new URLSearchParams({ from: fromS, to: untilS, back_s: back.s })}`);
    // Another range was asked for.
    if (pending !== mine) return;
    [pending, askedAt, told] = [null, performance.now(), answer.why ? told : answer];
    bar.show(told, { ...shown, why: answer.why });
  }

  async function openCard(marks, button) {
    [opened, back] = [marks, button.getAttribute("aria-label")];
    numbers.clear();
    fill();
    bar.card.hidden = false;
    bar.card.focus();
    for (const mark of marks) if (mark.numbers) {
      numbers.set(mark, await answered(mark.numbers));
      if (opened === marks) fill();
    }
  }

  /** To the graph when something happened before, or after, the time it is of. */
  async function jump(by) {
    if (isJumping) return;
    isJumping = true;
    const atS = Number(state.at_time) || Date.now() / 1000;
    // What is nearest in the bar may not be the nearest.
    const known = told?.from_s <= atS && atS <= told.until_s && !told.more ? told.marks : [], { found, why } = await nextMoment({ address: config.time, known, atS, by });
    isJumping = false;
    if (found) moment.go(found);
    else replay?.note(why ?? (by < 0 ? t("Nothing happened in the week before.") : t("Nothing happened after that.")));
  }

  /** What is selected stays; where nothing is, what it was about is. */
  function goTo(unixS, about = {}) {
    if (!state.node && !state.edge) Object.assign(state, about);
    moment.go(unixS);
  }

  /** The list lies over what it leads to, and so would a panel. */
  function goFromList(unixS) {
    moment.go(unixS);
    show("");
    toggle.focus();
  }

  function fill() {
    bar.card.replaceChildren(...markCard(opened, numbers, { close: closeCard, goTo }));
  }

  /** Back to the mark it was opened from, which may be another element by now. */
  function closeCard() {
    if (bar.card.hidden) return;
    const hadFocus = bar.card.contains(document.activeElement);
    [opened, bar.card.hidden] = [[], true];
    if (hadFocus) (bar.markOf(back) ?? toggle).focus();
  }

  leaves.add(() => !bar.card.hidden, closeCard);
  followers.push(look);
}

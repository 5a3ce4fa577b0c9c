/*
 * ReplayPart (a part): goes on from the moment that is shown, ?replay=<how many times as fast>, until it has arrived at now. The
 * graph, the needle in the time bar and the address follow; what happens on the way is said.
 */
import { answered } from "./answered.js";
import { ReplayClock, SPEEDS, passedMarks } from "./replay_clock.js";
import { ReplayFilm } from "./replay_film.js";
import { listenForSteps } from "./replay_keys.js";
import { ReplayPlayer } from "./replay_player.js";
import { ReplaySaid } from "./replay_said.js";
import { t } from "./text.js";
import { happening } from "./time_marks.js";

export function replay(page) {
  const { config, state, keys, followers, moment } = page, clock = new ReplayClock(), said = new ReplaySaid(), players = [], still = matchMedia("(prefers-reduced-motion: reduce)");
  const film = new ReplayFilm((fromS) => answered(`${config.reels[state.view]}?${new URLSearchParams({ from: fromS })}`));
  /** View and time that it has brought about, or taken up. */
  let mine = "", turn = 0;

  /** What others ask of it; jump(by), showThen(atS) and begins() are the time bar's. */
  page.replay = { player, toggle, note: (text) => said.note(text), jump() {}, showThen() {}, begins: () => 0 };

  /** Its buttons, once more. */
  function player() {
    players.push(new ReplayPlayer({ play: () => toggle() || begin(page.replay.begins()), step, jump: (by) => page.replay.jump(by), speed: setSpeed }));
    return players.at(-1).root;
  }

  /** Answers whether the graph is shown as it was. */
  function toggle() {
    if (state.at_time) run(!clock.runs);
    return Boolean(state.at_time);
  }

  function begin(fromS) {
    moment.go(fromS);
    run(true);
  }

  function run(runs) {
    if (runs) takeUp();
    cancelAnimationFrame(turn);
    if (runs) turn = requestAnimationFrame(frame);
    clock.run(runs);
    state.set({ replay: runs ? String(clock.speed) : "" });
    if (!runs) moment.say("");
    show();
  }

  function setSpeed(speed) {
    clock.speed = speed;
    if (clock.runs) state.set({ replay: String(speed) });
    show();
  }

  function change(by) {
    clock.change(by);
    setSpeed(clock.speed);
  }

  function step(by) {
    const stepS = moment.stepS(), atS = (Math.floor(Number(state.at_time) / stepS) + by) * stepS;
    if (atS > Date.now() / 1000) arrive();
    else moment.go(atS);
  }

  /** Somebody went to another time, or view: it goes on from there. */
  function takeUp() {
    const now = `${state.view} ${state.at_time}`;
    if (now === mine) return;
    mine = now;
    clock.seek(Number(state.at_time));
    film.cut();
  }

  function frame(nowMs) {
    if (!clock.runs || !state.at_time) return void (clock.runs && run(false));
    takeUp();
    const before = clock.atS;
    film.want(before, clock.speed, performance.now());
    const atS = clock.tick(nowMs, film.endS), due = film.due(atS), isStuck = moment.isShown() && film.why && atS >= film.endS;
    if (film.isOver(atS)) return arrive();
    if (due.length || Math.floor(atS) !== Math.floor(before)) {
      moment.take(due, atS, { ran: true, said: t("not live, replayed {speed}× as fast", { speed: clock.speed }) });
      mine = `${state.view} ${state.at_time}`;
    }
    for (const { mark, over } of passedMarks(film.marks, before, atS)) said.happened(happening(mark, over));
    if (due.length || !still.matches) page.replay.showThen(atS);
    // Not before the moment is there: its own answer would be said over it.
    if (isStuck && !film.isAway) run(false);
    if (isStuck) moment.say(film.why);
    turn = requestAnimationFrame(frame);
  }

  function arrive() {
    run(false);
    state.set({ at_time: "" });
    said.note(t("live again"));
  }

  function show() {
    for (const one of players) one.show({ runs: clock.runs, speed: clock.speed, isThen: Boolean(state.at_time) });
  }

  function look() {
    said.look();
    if (!state.at_time && (clock.runs || state.replay)) run(false);
    else if (clock.runs !== Boolean(state.replay)) run(!clock.runs);
    show();
  }

  keys["<"] = () => change(-1);
  keys[">"] = () => change(1);
  // Who follows a request goes from hop to hop by them.
  listenForSteps({ isThen: () => Boolean(state.at_time) && !state.follow, step });
  if (SPEEDS.includes(Number(state.replay))) clock.speed = Number(state.replay);
  else state.replay = "";
  moment.tools.append(player(), said.passed);
  followers.push(look);
}

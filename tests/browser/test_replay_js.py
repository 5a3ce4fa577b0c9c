"""The core of a replay: at which time it is, and what is due then."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.still_page import StillPage

#: Ticks of the wall, ms → times of the replay. does: {at tick: what is done before it}.
RUN = """async ([ticks, endS, speed, does]) => {
  const { ReplayClock } = await import("/static/js/replay_clock.js");
  const clock = new ReplayClock();
  clock.seek(1000);
  clock.speed = speed;
  clock.run(true);
  return ticks.map((at) => {
    if (does[at] === "hold") clock.run(false);
    if (does[at] === "go on") clock.run(true);
    if (does[at] === "faster") clock.change(1);
    if (does[at] === "slower") clock.change(-1);
    if (does[at] === "seek") clock.seek(2000);
    return clock.tick(at, endS);
  });
}"""
CASES: dict[str, tuple[list[Any], list[float]]] = {
    "at its speed from the first tick on": ([[0, 100, 300], 9999, 15, {}], [1000, 1001.5, 1004.5]),
    "no further than there is something": ([[0, 400, 800], 1010, 60, {}], [1000, 1010, 1010]),
    "not while nobody looks": ([[0, 60_000, 60_100], 9999, 1, {}], [1000, 1000.5, 1000.6]),
    "not if held": (
        [[0, 100, 300, 400], 9999, 5, {"100": "hold", "300": "go on"}],
        [1000, 1000, 1000, 1000.5],
    ),
    "from where somebody went": ([[0, 100, 200], 9999, 5, {"100": "seek"}], [1000, 2000, 2000.5]),
    "as fast as can be": (
        [[0, 100, 200], 9999, 15, {"100": "faster", "200": "faster"}],
        [1000, 1006, 1012],
    ),
    "as slow as can be": ([[0, 100, 200], 9999, 5, {"100": "slower", "200": "slower"}], [1000, 1000.1, 1000.2]),
    "never back when nothing is there": ([[0, 100], 0, 60, {}], [1000, 1000]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_replay_goes_on(modules: StillPage, name: str) -> None:
    given, expected = CASES[name]
    assert modules.page.evaluate(RUN, given) == pytest.approx(expected)


def test_a_frame_is_due_when_its_time_has_come_and_a_whole_one_that_is_told_again_replaces_it(
    modules: StillPage,
) -> None:
    due = modules.page.evaluate(
        """async () => {
          const { dueFrame } = await import("/static/js/replay_clock.js");
          const frames = [10, 20, 20, 30].map((at_s) => ({ at_s }));
          return [9.9, 10, 19.9, 20, 99].map((atS) => dueFrame(frames, atS));
        }"""
    )
    assert due == [-1, 0, 0, 2, 3]


def test_marks_are_passed_once_and_so_is_the_end_of_an_incident(modules: StillPage) -> None:
    passed = modules.page.evaluate(
        """async () => {
          const { passedMarks } = await import("/static/js/replay_clock.js");
          const marks = [
            { kind: "incident", at_s: 12, until_s: 35 }, { kind: "deploy", at_s: 20, until_s: 20 },
            { kind: "incident", at_s: 25, until_s: 0 },
          ];
          return [[0, 12], [12, 20], [20, 30], [30, 40]].map(([from, until]) =>
            passedMarks(marks, from, until).map(({ mark, over }) => `${mark.kind} ${mark.at_s} ${over}`));
        }"""
    )
    assert passed == [["incident 12 false"], ["deploy 20 false"], ["incident 25 false"], ["incident 12 true"]]


def test_frames_are_asked_for_ahead_and_what_was_seen_is_let_go(modules: StillPage) -> None:
    told = modules.page.evaluate(
        """async () => {
          const { ReplayFilm } = await import("/static/js/replay_film.js"), asked = [];
          const film = new ReplayFilm(async (fromS) => {
            asked.push(fromS);
            const frames = [0, 10, 20, 30].map((s) => ({ at_s: fromS + s }));
            return { frames, marks: [{ href: "/a", at_s: 5 }], step_s: 10, newest_s: 1060, now_s: 1066 };
          });
          const seen = [];
          for (const atS of [1000, 1005, 1029, 1060]) {
            // Each answer is there before the next is asked for.
            for (let turn = 0; turn < 3; turn++) await film.want(atS, 5, 0);
            seen.push(film.due(atS).map((frame) => frame.at_s));
          }
          const isOver = [film.isOver(1059), film.isOver(1060)];
          return { asked, seen, endS: film.endS, marks: film.marks.length, isOver };
        }"""
    )
    assert told["asked"] == [1000, 1030]
    assert told["seen"] == [[1000], [], [1010, 1020], [1030, 1030, 1040, 1050, 1060]]
    assert (told["endS"], told["marks"], told["isOver"]) == (1070, 1, [False, True])

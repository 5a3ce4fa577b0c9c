"""The source log_files against a model that knows of every line whether it must be counted, may be, or must not."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import redis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.following_world import CollectorHere, LittleRollup

NAMES = st.sampled_from(["a.log", "b.log"])
BANNER = "the same banner on top of every file"


class Content:
    """What one inode holds, as far as the model knows."""

    def __init__(self) -> None:
        #: Complete lines, in order.
        self.lines: list[str] = []
        #: An incomplete last line.
        self.partial = ""
        #: Lines that were there when everything was last shipped.
        self.shipped = 0
        #: A running collector has seen the file, so it holds a descriptor.
        self.is_open = False


class FollowingMachine(RuleBasedStateMachine):
    """Files are written, rotated, copied, truncated, deleted and replaced while a collector comes and goes."""

    valkey_url = ""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="following-"))
        self.client = redis.Redis.from_url(self.valkey_url, socket_timeout=60)
        self.client.flushall()
        self.rollup = LittleRollup(self.client)
        self.rollup.begin()
        self.collector = CollectorHere(self.valkey_url, str(self.folder / "*.log"))
        self.contents: dict[str, Content] = {}
        #: Read through a descriptor alone.
        self.orphans: list[Content] = []
        self.must: set[str] = set()
        self.lost: set[str] = set()
        self.written = self.copies = 0
        self.is_up = False

    @initialize(up=st.booleans())
    def begin(self, up: bool) -> None:
        if up:
            self.start()

    @rule(name=NAMES, count=st.integers(1, 4), partial=st.booleans())
    def append(self, name: str, count: int, partial: bool) -> None:
        content = self.contents.setdefault(name, Content())
        text = content.partial
        for _ in range(count):
            text += self._line() + "\n"
        content.lines += text.splitlines()
        self.must.update(text.splitlines())
        ended, content.partial = content.partial, self._line()[:9] + "…" if partial else ""
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text.removeprefix(ended) + content.partial)

    @rule(name=NAMES)
    def rotate_by_rename(self, name: str) -> None:
        for place in (2, 1, 0):
            old, new = (f"{name}.{n}" if n else name for n in (place, place + 1))
            if old in self.contents and new not in self.contents:
                os.rename(self.folder / old, self.folder / new)
                self.contents[new] = self.contents.pop(old)

    @rule(name=NAMES)
    def copytruncate(self, name: str) -> None:
        if name not in self.contents:
            return
        self.copies += 1
        copy = f"{name}-{self.copies:04}"
        shutil.copyfile(self.folder / name, self.folder / copy)
        content = self.contents[copy] = self.contents[name]
        os.truncate(self.folder / name, 0)
        content.is_open = False
        self.contents[name] = Content()
        self.contents[name].is_open = self.is_up and content.is_open

    @rule(name=NAMES, again=st.integers(0, 3))
    def truncate_without_a_copy(self, name: str, again: int) -> None:
        if name not in self.contents:
            return
        self._lose(self.contents[name])
        os.truncate(self.folder / name, 0)
        self.contents[name] = Content()
        if again:
            self.append(name, again, False)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if not self.contents:
            return
        name = data.draw(st.sampled_from(sorted(self.contents)))
        content = self.contents.pop(name)
        (self.folder / name).unlink()
        if self.is_up and content.is_open:
            self.orphans.append(content)
        else:
            self._lose(content)

    @rule(name=NAMES, count=st.integers(1, 3))
    def replace_with_more(self, name: str, count: int) -> None:
        content = self.contents.get(name)
        # What was read must be more than a first line: that alone does not tell a copy from another file.
        if content is None or content.partial or content.shipped == 1 or not content.lines:
            return
        shutil.copyfile(self.folder / name, self.folder / "new")
        with (self.folder / "new").open("a", encoding="utf-8") as file:
            for _ in range(count):
                content.lines.append(self._line())
                self.must.add(content.lines[-1])
                file.write(content.lines[-1] + "\n")
        os.replace(self.folder / "new", self.folder / name)
        if self.is_up:
            self.drain()

    @precondition(lambda self: self.is_up)
    @rule()
    def drain(self) -> None:
        self.collector.drain()
        self.rollup.tick()
        for content in [*self.contents.values(), *self.orphans]:
            content.shipped, content.is_open = len(content.lines), True
        self.orphans.clear()
        self._check(final=False)

    @precondition(lambda self: self.is_up)
    @rule()
    def lose_redis(self) -> None:
        self.drain()
        for name in sorted(self.contents):
            self.append(name, 1, False)
        self.collector.drain()
        self.client.flushall()
        self.rollup.begin()
        self.drain()

    @precondition(lambda self: self.is_up)
    @rule()
    def crash(self) -> None:
        self.collector.crash()
        self.is_up = False
        for content in self.orphans:
            self._lose(content)
        self.orphans.clear()
        for content in self.contents.values():
            content.is_open = False

    @precondition(lambda self: not self.is_up)
    @rule()
    def start(self) -> None:
        self.collector.start()
        self.is_up = True

    def teardown(self) -> None:
        try:
            if not self.is_up:
                self.start()
            self.drain()
            self._check(final=True)
        finally:
            self.collector.close()
            self.client.close()
            shutil.rmtree(self.folder)

    def _line(self) -> str:
        self.written += 1
        return f"{self.written:06} a line of its own"

    def _lose(self, content: Content) -> None:
        self.lost.update(content.lines[content.shipped :])

    def _check(self, *, final: bool) -> None:
        counted = self.rollup.lines
        assert not {line: n for line, n in counted.items() if n != 1}, "counted more than once"
        assert set(counted) <= self.must
        if final:
            missing = sorted(self.must - self.lost - set(counted))
            assert not missing, f"never counted: {missing}"


def test_every_line_is_counted_once_whatever_happens_to_its_file(valkey: redis.Redis, valkey_url: str) -> None:
    FollowingMachine.valkey_url = valkey_url
    run_state_machine_as_test(
        FollowingMachine,
        settings=settings(
            max_examples=int(os.environ.get("FOLLOWING_EXAMPLES", "25")),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

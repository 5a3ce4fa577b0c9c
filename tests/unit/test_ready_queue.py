"""ReadyQueue: how many files are handed out at once."""

from __future__ import annotations

from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.applications.sources.log_files.ready_queue import ReadyQueue
from collector.io.log_file import CHUNK_BYTES


def files_of(*sizes_bytes: int) -> list[FollowedFile]:
    return [
        FollowedFile(path=f"{n}.log", key=(1, n), seen_bytes=size_bytes, modified_s=0, sibling=False)
        for n, size_bytes in enumerate(sizes_bytes)
    ]


async def handed_out(*sizes_bytes: int) -> list[list[int]]:
    """Numbers of the files that a worker is given at a time, until none is left."""
    queue = ReadyQueue()
    for file in files_of(*sizes_bytes):
        queue.put(file)
    given = []
    while not queue.is_idle:
        files = await queue.take(only_little=False)
        given.append([file.key[1] for file in files])
        for file in files:
            queue.done(file, has_more=False)
    return given


async def test_files_with_much_come_together_as_long_as_they_are_no_more_than_is_read_of_one() -> None:
    half = CHUNK_BYTES // 2
    assert await handed_out(half, half, half) == [[0, 1], [2]]
    assert await handed_out(10 * CHUNK_BYTES, half, half) == [[0], [1, 2]]
    assert await handed_out(half, 10 * CHUNK_BYTES, half) == [[0], [1], [2]]


async def test_files_with_little_take_turns_with_those_with_much() -> None:
    much, little = CHUNK_BYTES, 1
    assert await handed_out(much, little, much, little) == [[1, 3], [0], [2]]


async def test_a_file_that_grows_while_it_waits_is_handed_out_once() -> None:
    queue, (grown, behind) = ReadyQueue(), files_of(1, 1)
    queue.put(grown)
    queue.put(behind)
    grown.seen_bytes = CHUNK_BYTES
    queue.put(grown)
    assert [await queue.take(only_little=False) for _ in range(2)] == [[behind], [grown]]
    for file in (grown, behind):
        queue.done(file, has_more=False)
    assert queue.is_idle

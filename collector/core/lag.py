"""Lag: since when the oldest unread byte of a file waits, known from sizes that were seen now and then."""

from __future__ import annotations

#: More marks are thinned out: the older ones stand twice as far apart then.
MAX_MARKS = 64


class Lag:
    """One file. Sizes are looked at every second or so, so the answer is that exact, and never too small."""

    __slots__ = ("_marks",)

    def __init__(self) -> None:
        #: (unix time, size then), oldest first; all but the first lie beyond what is read.
        self._marks: list[tuple[float, int]] = []

    def note(self, *, now_s: float, size_bytes: int, offset: int, looked_s: float) -> float:
        """
        Take over a look at the file.

        Args:
            now_s: unix time of the look.
            size_bytes: how far the file goes.
            offset: how far it is read.
            looked_s: unix time of the look before, at which nothing beyond `offset` need have been there.

        Returns:
            The unix time since when the oldest unread byte waits; 0 when there is none.
        """
        if offset >= size_bytes:
            self._marks.clear()
            return 0.0
        if not self._marks:
            self._marks.append((looked_s, offset))
        if size_bytes > self._marks[-1][1]:
            self._marks.append((now_s, size_bytes))
        while len(self._marks) > 1 and self._marks[1][1] <= offset:
            del self._marks[0]
        if len(self._marks) > MAX_MARKS:
            del self._marks[1:-1:2]
        return self._marks[0][0]

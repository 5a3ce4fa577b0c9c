"""Two operations compared, in words: where the time went, where they part, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from visualizer.core.untrusted import visible
from visualizer.core.verdict import duration_ms_words
from visualizer.models.operation import DONE, FAILED, IGNORED, MISSING, RUNNING, Hop, OperationPath
from visualizer.models.path_comparison import HopPair, PathComparison

#: Less is no difference, ms.
_NOTHING_MS = 0.5
#: Parts of the difference that are named: so many, and none smaller than this share.
_MOST_NAMED, _LEAST_SHARE = 2, 0.1
_STATUS_WORDS = {DONE: "done", FAILED: "failed", IGNORED: "ignored", RUNNING: "still running", MISSING: "not seen"}


class ComparisonWords:
    """Says a comparison. a is called A, b is called B; names: node id → what is written on it."""

    def __init__(
        self, compared: PathComparison, a: OperationPath, b: OperationPath, *, names: Mapping[str, str]
    ) -> None:
        self._compared, self._a, self._b, self._names = compared, a, b, names

    def total(self) -> str:
        """ "B took 3.4 s more: 4.1 s against 700 ms. That is 3.1 s waiting before reserve." """
        more_ms = self._compared.more_ms
        a, b = duration_ms_words(self._compared.a_ms), duration_ms_words(self._compared.b_ms)
        if abs(more_ms) < _NOTHING_MS:
            return f"Both took {b}."
        told = f"B took {duration_ms_words(abs(more_ms))} {_way(more_ms)}: {b} against {a}."
        return " ".join([told, *self._reasons()])

    def partings(self) -> list[str]:
        """A sentence for each place at which they part, in order."""
        below: dict[int, list[HopPair]] = {}
        for pair in self._compared.pairs:
            if pair.after is not None:
                below.setdefault(pair.after, []).append(pair)
        return [
            visible(words)
            for place, pair in enumerate(self._compared.pairs)
            for words in self._parting(pair, below.get(place, []))
        ]

    def pair(self, pair: HopPair) -> str:
        """ "waited 100 ms, then 3.2 s (+3.1 s, 91 % of the difference); ran …" of one hop."""
        a, b = self._hops(pair)
        if a is None or b is None:
            return f"only in {'A' if b is None else 'B'}"
        waited = self._measure("waited", a.waited_ms, b.waited_ms, pair.of_waited_ms)
        ran = self._measure("ran", a.ran_ms, b.ran_ms, pair.of_ran_ms)
        ended = "" if a.status == b.status else f"A {_STATUS_WORDS[a.status]}, B {_STATUS_WORDS[b.status]}"
        return "; ".join(filter(None, (ended, waited, ran))) or _STATUS_WORDS[a.status]

    def unknowns(self) -> list[str]:
        """What these numbers do not say."""
        compared, told = self._compared, list[str]()
        for name, path in (("A", self._a), ("B", self._b)):
            if any(hop.status == RUNNING for hop in path.hops):
                told.append(f"Of {name} a run has no end (yet): its time is that until the last line kept.")
            if path.is_failure_alone:
                told.append(f"Of {name} its failures alone were kept: what else it ran is not known.")
            if path.is_cut:
                told.append(f"Of {name} not all lines are looked at.")
        if abs(compared.unknown_ms) >= max(_NOTHING_MS, _LEAST_SHARE * abs(compared.more_ms)):
            ms = duration_ms_words(abs(compared.unknown_ms))
            told.append(f"{ms} of the difference lie before a run of which nobody knows what set it off.")
        hosts = {hop.host_name for path in (self._a, self._b) for hop in path.seen}
        if len(hosts) > 1:
            told.append(
                f"Each run is measured by its own host's clock. A wait from one of the {len(hosts)} hosts to another "
                "holds what their clocks differ by, and that is not known."
            )
        return told

    def _reasons(self) -> Iterator[str]:
        more_ms = self._compared.more_ms
        parts = [
            (part_ms, f"{kind} {self._name(pair)}")
            for pair in self._compared.pairs
            for part_ms, kind in ((pair.of_waited_ms, "waiting before"), (pair.of_ran_ms, "running"))
            if part_ms / more_ms >= _LEAST_SHARE
        ]
        largest = sorted(parts, key=lambda part: -part[0] / more_ms)[:_MOST_NAMED]
        if not largest:
            return
        named = ", ".join(f"{duration_ms_words(abs(part_ms))} {what}" for part_ms, what in largest)
        rest_ms = more_ms - sum(part_ms for part_ms, _ in largest)
        against = rest_ms / more_ms < 0 and abs(rest_ms) >= _NOTHING_MS
        elsewhere = f"; all else took {duration_ms_words(abs(rest_ms))} {_way(rest_ms)}" if against else ""
        yield visible(f"That is {named}{elsewhere}.")

    def _parting(self, pair: HopPair, below: Sequence[HopPair]) -> Iterator[str]:
        a, b = self._hops(pair)
        if a is None or b is None:
            # That what it follows from has something only one has was said there.
            if pair.after is None:
                yield f"{self._name(pair)} is only in {'A' if b is None else 'B'}."
            return
        for side, other, mine, theirs in (("a", "b", a, b), ("b", "a", b, a)):
            more = [each for each in below if getattr(each, side) is None and self._ran(each)]
            if more and all(getattr(each, side) is None for each in below):
                names = _listed([self._name(each) for each in more])
                yield (
                    f"{side.upper()} ends at {self._name(pair)}: {_ended(mine)}. "
                    f"In {other.upper()} it is {_ended(theirs)}, and {names} followed."
                )
                return
        if a.status != b.status:
            yield f"At {self._name(pair)} A is {_ended(a)}, and B {_ended(b)}."
        for each in below:
            if None in (each.a, each.b) and self._ran(each):
                yield f"{self._name(each)} after {self._name(pair)} is only in {'A' if each.b is None else 'B'}."

    def _measure(self, verb: str, a_ms: float | None, b_ms: float | None, part_ms: float) -> str:
        if a_ms is None and b_ms is None:
            return ""
        told = f"{verb} {duration_ms_words(a_ms)} in A, {duration_ms_words(b_ms)} in B"
        if a_ms is None or b_ms is None or abs(b_ms - a_ms) < _NOTHING_MS:
            return told
        signed = f"{'+' if b_ms > a_ms else '−'}{duration_ms_words(abs(b_ms - a_ms))}"
        more_ms = self._compared.more_ms
        share = part_ms / more_ms if abs(more_ms) >= _NOTHING_MS else 0
        of_all = f", {100 * share:.0f} % of the difference".replace("-", "−") if abs(share) >= 0.01 else ""
        return f"{told} ({signed}{of_all})"

    def _hops(self, pair: HopPair) -> tuple[Hop | None, Hop | None]:
        return (
            self._a.hops[pair.a] if pair.a is not None else None,
            self._b.hops[pair.b] if pair.b is not None else None,
        )

    def _ran(self, pair: HopPair) -> bool:
        return any(hop is not None and hop.status != MISSING for hop in self._hops(pair))

    def _name(self, pair: HopPair) -> str:
        hop = next(hop for hop in self._hops(pair) if hop is not None)
        return self._names.get(hop.node, hop.node)


def _way(ms: float) -> str:
    return "more" if ms > 0 else "less"


def _ended(hop: Hop) -> str:
    cause = f" ({hop.cause})" if hop.status == FAILED and hop.cause else ""
    return f"{_STATUS_WORDS[hop.status]}{cause}"


def _listed(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = f" and {len(unique) - _MOST_NAMED} more" if len(unique) > _MOST_NAMED else ""
    return f"{', '.join(unique[:_MOST_NAMED])}{more}"

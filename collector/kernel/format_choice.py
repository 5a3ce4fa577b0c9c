"""FormatChoice: which format reads a file, by what the settings say of its path, else by how its lines look."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePath

from collector.core.first_lines import first_lines
from collector.core.unknown_lines import UnknownLines
from collector.kernel.format import Format, Parser
from collector.models.errors import ApplicationError
from collector.models.recognition import FITS, Recognition


class NoFormat(Format):
    """Reads what no format fits: its lines are counted, as unparsable."""

    name = ""

    def recognise(self, sample: bytes) -> float:
        return 0.0

    def make_parser(self) -> Parser:
        return UnknownLines()


class FormatChoice:
    """Chooses among the formats that are switched on."""

    def __init__(self, formats: Sequence[Format], *, overrides: Sequence[str] = ()) -> None:
        """
        Args:
            overrides: "glob=format" each; the first whose glob matches a path decides, whatever the lines look like.

        Raises:
            ApplicationError: an override names no format that is switched on; all of them at once.
        """
        self._formats = tuple(formats)
        self._by_name = {each.name: each for each in formats}
        self._overrides = [(glob, name) for glob, _, name in (each.rpartition("=") for each in overrides)]
        known = ", ".join(self._by_name) or "none"
        if wrong := sorted({name for _, name in self._overrides if name not in self._by_name}):
            raise ApplicationError(f"EVENTSCOPE_FORMATS: {', '.join(wrong)} is no format; switched on: {known}")

    def check(self) -> None:
        """
        Raises:
            ApplicationError: no format is switched on: nobody could count a line.
        """
        if not self._formats:
            raise ApplicationError("lines were read, but no application that is a format is switched on")

    def choose(self, path: str, sample: bytes) -> tuple[Format, Recognition]:
        """
        The format that is surest of these lines, the first of equals; NoFormat when none fits.

        Raises:
            ApplicationError: no format is switched on.
        """
        self.check()
        for glob, name in self._overrides:
            if matches(path, glob):
                chosen = self._by_name[name].for_path(path)
                return chosen, Recognition(name, 1.0, name, chosen.complain(sample), is_set=True)
        nearest, confidence = self._surest([each.for_path(path) for each in self._formats], sample)
        complaint = nearest.complain(sample) if confidence < 1 else ""
        if confidence >= FITS:
            return nearest, Recognition(nearest.name, confidence, nearest.name, complaint)
        return NoFormat(), Recognition("", 0.0, nearest.name, complaint, first_lines(sample))

    @staticmethod
    def _surest(candidates: Sequence[Format], sample: bytes) -> tuple[Format, float]:
        surest, confidence = candidates[0], -1.0
        for each in candidates:
            sure = each.recognise(sample)
            if sure > confidence:
                surest, confidence = each, sure
            if sure >= 1:
                break  # Nobody is surer, and each looks at all of the sample.
        return surest, confidence


def matches(path: str, glob: str) -> bool:
    """Whether a path is meant: as a whole, where * is anything, also /; or by its last part."""
    return fnmatchcase(path, glob) or fnmatchcase(PurePath(path).name, glob)

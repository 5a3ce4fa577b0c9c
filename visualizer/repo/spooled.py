"""Reading how far files of the receiver are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from visualizer.repo.models import Source


@dataclass(frozen=True, slots=True)
class SpoolMark:
    """How far a file is counted."""

    #: Byte after the last counted one.
    high_water: int
    #: Unix second when it moved.
    updated_s: int


def read_marks(folder: Path) -> Mapping[str, SpoolMark]:
    """
    File name → its mark; names are never used twice.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    # The collector may spell the folder in another way.
    rows = Source.objects.filter(path__contains=f"{folder.name}/").values_list("path", "high_water", "updated_s")
    return {PurePath(path).name: SpoolMark(high_water, updated_s) for path, high_water, updated_s in rows}

"""Keeps when nobody is to be told of what."""

from __future__ import annotations

from fnmatch import fnmatchcase

from visualizer.repo.incident_models import Silence


def add_silence(*, match: str, from_s: float, until_s: float, note: str, made_by: str) -> None:
    """Tell nobody of subjects that match, from one unix second to another."""
    Silence.objects.create(match=match, from_s=from_s, until_s=until_s, note=note, made_by=made_by)


def end_silence(pk: int, *, now_s: float) -> None:
    """It is over now."""
    Silence.objects.filter(pk=pk, until_s__gt=now_s).update(until_s=now_s)


def read_silences(*, now_s: float) -> list[Silence]:
    """Those that last or are to come, the next to end first."""
    return list(Silence.objects.filter(until_s__gt=now_s).order_by("until_s"))


def silence_of(subjects: set[str], *, now_s: float) -> Silence | None:
    """One that lasts now and covers every one of these."""
    for silence in read_silences(now_s=now_s):
        if silence.from_s <= now_s and all(_is_meant(silence.match, subject) for subject in subjects):
            return silence
    return None


def _is_meant(match: str, subject: str) -> bool:
    return fnmatchcase(subject, match) or fnmatchcase(subject.lstrip(">"), match)

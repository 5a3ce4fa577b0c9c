"""Which files the configured globs mean right now: matched names, their rotated siblings, and what is left out why."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

#: Never read: their bytes are not lines.
COMPRESSED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip", ".7z", ".Z")
_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One regular file."""

    #: Its path as the pattern spells it.
    path: str
    #: Device and inode: what is one file under two names.
    device: int
    inode: int
    #: Its size now.
    size_bytes: int
    #: Unix time of its last change, seconds.
    modified_s: float
    #: Found as "<name>.*" or "<name>-*" of a matched name, not by the pattern itself.
    sibling: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """The answer of one look."""

    #: (device, inode) → the file; a matched name wins over a sibling's, then the first in order.
    files: dict[tuple[int, int], FoundFile]
    #: Pattern → how many files it matches, siblings not counted.
    patterns: dict[str, int]
    #: Path → why it is not read.
    skipped: dict[str, str]
    #: Folders that were looked into: where changes are to be watched.
    folders: frozenset[str]


def scan(patterns: Sequence[str]) -> Scan:
    """Look at all patterns. Opens nothing, so a FIFO or a device cannot block it."""
    files: dict[tuple[int, int], FoundFile] = {}
    counts = dict.fromkeys(patterns, 0)
    skipped: dict[str, str] = {}
    folders: set[str] = set()
    for pattern in patterns:
        for folder in _folders(pattern):
            if not _is_inside(folder, pattern):
                skipped[folder] = "leads out of the pattern's folder"
                continue
            folders.add(folder)
            for found in _look(folder, pattern, skipped):
                counts[pattern] += not found.sibling
                key = (found.device, found.inode)
                if key not in files or (files[key].sibling and not found.sibling):
                    files[key] = found
    return Scan(files, counts, skipped, frozenset(folders))


def is_sibling_name(path: str, of: str) -> bool:
    """Whether the path looks like a rotated or copied form of the other: "a.log.1", "a.log-20261122"."""
    return path.startswith(of) and path[len(of) : len(of) + 1] in (".", "-")


def _folders(pattern: str) -> Iterable[str]:
    folder, name = os.path.split(pattern)
    if name == "**":
        folder = os.path.join(folder, "**")
    if not _MAGIC.search(folder):
        return [folder or "."]
    # The trailing separator keeps it to folders.
    return sorted({os.path.normpath(each) for each in glob.glob(os.path.join(folder, ""), recursive=True)})


def _is_inside(folder: str, pattern: str) -> bool:
    # Whoever may write into a log folder must not lead us elsewhere by a link.
    fixed = os.path.split(pattern)[0]
    if not _MAGIC.search(fixed):
        return True
    root = os.path.realpath(fixed[: _MAGIC.search(fixed).start()].rpartition(os.sep)[0] or os.sep)  # type: ignore[union-attr]
    real = os.path.realpath(folder)
    return real == root or real.startswith(os.path.join(root, ""))


def _look(folder: str, pattern: str, skipped: dict[str, str]) -> Iterator[FoundFile]:
    name_pattern = os.path.basename(pattern)
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as exc:
        skipped[folder] = (exc.strerror or type(exc).__name__).lower()
        return
    for entry in listed:
        matched = _matches(entry.name, name_pattern)
        if not matched and not _is_sibling(entry.name, name_pattern):
            continue
        path = os.path.join(folder, entry.name) if folder != "." or pattern.startswith(".") else entry.name
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # gone between the two calls
        if reason := _why_not(entry.name, status.st_mode):
            if matched and reason != "folder":
                skipped[path] = reason
            continue
        yield FoundFile(path, status.st_dev, status.st_ino, status.st_size, status.st_mtime, not matched)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate("*" if pattern == "**" else pattern))


def _matches(name: str, pattern: str) -> bool:
    # As in a shell: * does not mean hidden files.
    if name.startswith(".") and not pattern.startswith("."):
        return False
    return _compiled(pattern).match(name) is not None


def _is_sibling(name: str, pattern: str) -> bool:
    return any(_matches(name[:place], pattern) for place, char in enumerate(name) if char in ".-" and place)


def _why_not(name: str, mode: int) -> str:
    if stat.S_ISREG(mode):
        return "compressed" if name.endswith(COMPRESSED_SUFFIXES) else ""
    if stat.S_ISDIR(mode):
        return "folder"
    return "symbolic link" if stat.S_ISLNK(mode) else "no regular file"

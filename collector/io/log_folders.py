"""
Which folders a pattern of log files means, and how one is looked into without being led out of what may be read.

Whoever may write into a log folder must not lead us elsewhere: a folder is opened first, and where it really is, is
asked of its descriptor, so that a link that changes meanwhile changes nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import translate
from functools import lru_cache

_MAGIC = re.compile(r"[*?\[]")


def fixed_folder(pattern: str) -> str:
    """The folder that whoever wrote the pattern named: what stands before its first wildcard."""
    folder = os.path.split(pattern)[0]
    magic = _MAGIC.search(folder)
    if magic is None:
        return folder or "."
    fixed, separator, _ = folder[: magic.start()].rpartition(os.sep)
    return fixed or separator or "."


def log_folders(pattern: str, *, roots: Sequence[str]) -> tuple[list[str], list[str]]:
    """
    The folders that the pattern means, and those that links lead to elsewhere.

    Args:
        roots: real paths of the folders that may be looked into.
    """
    fixed = fixed_folder(pattern)
    rest = os.path.dirname(pattern).removeprefix(fixed).strip(os.sep)
    parts = rest.split(os.sep) if rest else []
    if os.path.basename(pattern) == "**":
        parts.append("**")
    found, outside = [fixed], list[str]()
    for part in parts:
        if part == "**":
            found = [each for folder in found for each in _below(folder, roots, outside)]
        else:
            found = [each for folder in found for each in _in(folder, part)]
    return found, outside


def is_inside(real: str, roots: Iterable[str]) -> bool:
    """Whether a real path is one of these folders or below one."""
    return any(real == root or real.startswith(os.path.join(root, "")) for root in roots)


def matches(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern, as in a shell: * does not mean hidden files."""
    if name.startswith(".") and not pattern.startswith("."):
        return False
    return _compiled(pattern).match(name) is not None


@contextmanager
def opened_folder(folder: str) -> Iterator[tuple[int, str]]:
    """
    A descriptor of the folder, and where that really is.

    Raises:
        OSError: it is no folder, or cannot be opened.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            real = os.readlink(f"/proc/self/fd/{descriptor}")
        except FileNotFoundError:  # a system without /proc
            real = os.path.realpath(folder)
        yield descriptor, real
    finally:
        os.close(descriptor)


def _in(folder: str, name_pattern: str) -> list[str]:
    return [os.path.join(folder, each.name) for each in _subfolders(folder) if matches(each.name, name_pattern)]


def _below(folder: str, roots: Sequence[str], outside: list[str]) -> list[str]:
    """The folder and all below it, each once, whatever loops links make."""
    found: list[str] = []
    waiting, links, known = [folder], list[str](), set[str]()
    while waiting or links:
        # Links last: what has a name of its own is known by that.
        each = waiting.pop() if waiting else links.pop()
        real = os.path.realpath(each)
        if real in known:
            continue
        known.add(real)
        if not is_inside(real, roots):
            outside.append(each)
            continue
        found.append(each)
        for entry in _subfolders(each):
            if not entry.name.startswith("."):
                (links if entry.is_symlink() else waiting).append(os.path.join(each, entry.name))
    return sorted(found)


def _subfolders(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted((each for each in entries if _is_folder(each)), key=lambda each: each.name)
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a loop
        return False


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate("*" if pattern == "**" else pattern))

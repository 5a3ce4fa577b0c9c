"""
Which files the configured globs mean right now: matched names, their rotated siblings, and what is left out why.

Whoever may write into a log folder must not lead us elsewhere. A symbolic link is followed as long as what it leads to
lies in the folder of a pattern or in one of `EVENTSCOPE_LOG_ROOTS`; a file found through one is known by its real path.
A file is opened without links, and only if it is the (device, inode) found here: a switch in between changes nothing.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from collector.io.log_folders import fixed_folder, is_inside, log_folders, matches, opened_folder

#: Never read: their bytes are not lines.
COMPRESSED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip", ".7z", ".Z")
_OUTSIDE = "leads out of the log folders, see EVENTSCOPE_LOG_ROOTS"
_DANGLING = "symbolic link to nothing"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One regular file."""

    #: Its path as the pattern spells it; its real one when only a link was matched.
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


def scan(patterns: Sequence[str], *, roots: Sequence[str] = ()) -> Scan:
    """
    Look at all patterns. Opens no file, so a FIFO or a device cannot block it.

    Args:
        roots: folders into which links may lead, beside the patterns' own.
    """
    look = _Look(tuple(os.path.realpath(root) for root in (*map(fixed_folder, patterns), *roots)))
    counts = dict.fromkeys(patterns, 0)
    for pattern in patterns:
        folders, outside = log_folders(pattern, roots=look.roots)
        look.skipped.update(dict.fromkeys(outside, _OUTSIDE))
        for folder in folders:
            for found in look.folder(folder, os.path.basename(pattern), spelled=pattern):
                counts[pattern] += not found.sibling
                look.keep(found)
    # What a link leads to may have been found under a name of its own.
    for folder, links in look.links.items():
        for found, pattern in look.targets(folder, links):
            counts[pattern] += not found.sibling and (found.device, found.inode) not in look.files
            look.keep(found)
    return Scan(look.files, counts, look.skipped, frozenset(look.spellings.values()))


def is_sibling_name(path: str, of: str) -> bool:
    """Whether the path looks like a rotated or copied form of the other: "a.log.1", "a.log-20261122"."""
    return path.startswith(of) and path[len(of) : len(of) + 1] in (".", "-")


@dataclass(slots=True)
class _Look:
    """One look in the making."""

    #: Real paths of the folders that links may lead into.
    roots: tuple[str, ...]
    files: dict[tuple[int, int], FoundFile] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    #: Real path → how the first one who looked spelled it: inotify knows a folder under one name only.
    spellings: dict[str, str] = field(default_factory=dict)
    #: Real folder → name in it → the links that lead there, each with its pattern.
    links: dict[str, dict[str, list[tuple[str, str]]]] = field(default_factory=dict)

    def keep(self, found: FoundFile) -> None:
        key = (found.device, found.inode)
        if key not in self.files or (self.files[key].sibling and not found.sibling):
            self.files[key] = found

    def folder(self, folder: str, name_pattern: str, *, spelled: str) -> Iterator[FoundFile]:
        """The regular files of a folder that fit; its links are noted."""
        for name, status, matched in self._entries(folder, lambda name: matches(name, name_pattern)):
            path = os.path.join(folder, name) if folder != "." or spelled.startswith(".") else name
            if matched and stat.S_ISLNK(status.st_mode):
                real_folder, real_name = os.path.split(os.path.realpath(path))
                self.links.setdefault(real_folder, {}).setdefault(real_name, []).append((path, spelled))
            elif reason := _why_not(name, status.st_mode):
                if matched and reason != "folder":
                    self.skipped[path] = reason
            else:
                yield _found(path, status, sibling=not matched)

    def targets(self, real_folder: str, links: dict[str, list[tuple[str, str]]]) -> Iterator[tuple[FoundFile, str]]:
        """What links lead to in one folder, with rotated siblings; and the pattern of the link."""
        reasons = dict.fromkeys(links, _DANGLING)
        if not is_inside(real_folder, self.roots):
            reasons = dict.fromkeys(links, f"symbolic link that {_OUTSIDE}")
        else:
            folder = self.spellings.get(real_folder, real_folder)
            for name, status, matched in self._entries(folder, links.__contains__):
                why = _why_not(name, status.st_mode)
                if matched:
                    reasons[name] = why
                if not why:
                    target = name if matched else next(each for each in _originals(name) if each in links)
                    yield _found(os.path.join(folder, name), status, sibling=not matched), links[target][0][1]
        for name, reason in reasons.items():
            for link, _ in links[name] if reason not in ("", "folder") else ():
                self.skipped[link] = _why_nowhere(link) or reason

    def _entries(self, folder: str, is_match: Callable[[str], bool]) -> Iterator[tuple[str, os.stat_result, bool]]:
        try:
            with opened_folder(folder) as (descriptor, real):
                if not is_inside(real, self.roots):
                    self.skipped[folder] = _OUTSIDE
                    return
                self.spellings.setdefault(real, folder)
                with os.scandir(descriptor) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
                for entry in listed:
                    matched = is_match(entry.name)
                    if matched or any(map(is_match, _originals(entry.name))):
                        try:
                            yield entry.name, entry.stat(follow_symlinks=False), matched
                        except FileNotFoundError:
                            continue  # gone between the two calls
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as exc:
            self.skipped[folder] = (exc.strerror or type(exc).__name__).lower()


def _found(path: str, status: os.stat_result, *, sibling: bool) -> FoundFile:
    return FoundFile(path, status.st_dev, status.st_ino, status.st_size, status.st_mtime, sibling)


def _why_nowhere(link: str) -> str:
    """Why a link leads to nothing at all; "" when it leads somewhere."""
    try:
        os.stat(link)
    except OSError as exc:
        return "symbolic link in a loop" if exc.errno == errno.ELOOP else _DANGLING
    return ""


def _originals(name: str) -> Iterator[str]:
    """The names of which this one may be a rotated form."""
    return (name[:place] for place, char in enumerate(name) if char in ".-" and place)


def _why_not(name: str, mode: int) -> str:
    if stat.S_ISREG(mode):
        return "compressed" if name.endswith(COMPRESSED_SUFFIXES) else ""
    if stat.S_ISDIR(mode):
        return "folder"
    return "no regular file"

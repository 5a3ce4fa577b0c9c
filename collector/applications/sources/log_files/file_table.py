"""FileTable: every file that is followed, as the last look at the folders left it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from collector.applications.sources.log_files.followed_file import COPY, STRANGE_RECORD, FollowedFile
from collector.io.log_paths import Scan
from collector.models.file_record import FileRecord


class FileTable:
    """Files by (device, inode) and by path."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[int, int], FollowedFile] = {}
        self._by_path: dict[str, FollowedFile] = {}
        self._looked = False
        #: Files whose former content is gone, as long as nobody has looked for a copy of it.
        self.leaving: set[FollowedFile] = set()
        #: Devices the files are on.
        self.devices: set[int] = set()

    def __iter__(self) -> Iterator[FollowedFile]:
        return iter(list(self._by_key.values()))

    def __len__(self) -> int:
        return len(self._by_key)

    def __contains__(self, file: FollowedFile) -> bool:
        return self._by_key.get(file.key) is file

    @property
    def is_restless(self) -> bool:
        """Whether a file is gone, cannot be read or rests until the next look: nobody tells when that changes."""
        return any(
            file.gone_since is not None or file.unreadable or file.resting in (COPY, STRANGE_RECORD)
            for file in self._by_key.values()
        )

    def at(self, path: str) -> FollowedFile | None:
        """The file at a path, as of the last look."""
        return self._by_path.get(path)

    def look(self, scan: Scan) -> list[FollowedFile]:
        """
        Take over a scan.

        Returns:
            Files that are new, changed or to be tried again, and those that are gone: what may have something to read.
        """
        touched: list[FollowedFile] = []
        for key, found in scan.files.items():
            file = self._by_key.get(key)
            if file is None:
                file = FollowedFile(
                    found.path, key, found.size_bytes, found.modified_s, found.sibling, from_start=not self._looked
                )
                self._by_key[key] = file
                touched.append(file)
            elif file.found(found):
                file.resting = ""
                touched.append(file)
            elif file.unreadable or file.resting in (COPY, STRANGE_RECORD):
                touched.append(file)
        for key, file in self._by_key.items():
            if key not in scan.files:
                file.gone_since = file.gone_since or time.monotonic()
                touched.append(file)
        self._by_path = {file.path: file for file in self._by_key.values() if file.gone_since is None}
        self.devices = {device for device, _ in self._by_key}
        self._looked = True
        return touched

    def leave(self, file: FollowedFile, former: FileRecord, *, former_bytes: int, size_bytes: int) -> None:
        """The content of the file that its record describes is gone."""
        file.leave(former, former_bytes=former_bytes, size_bytes=size_bytes)
        self.leaving.add(file)

    def drop(self, file: FollowedFile) -> None:
        """Follow it no longer."""
        self.leaving.discard(file)
        self._by_key.pop(file.key, None)
        if self._by_path.get(file.path) is file:
            del self._by_path[file.path]

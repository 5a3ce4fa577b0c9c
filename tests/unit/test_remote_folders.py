"""Which folders the kernel does not tell about."""

from __future__ import annotations

import builtins
import io
import os
from pathlib import Path
from typing import Any

import pytest

from collector.io.remote_folders import is_remote


@pytest.mark.parametrize(
    ("kind", "expected"), [("ext4", False), ("nfs4", True), ("fuse.sshfs", True), ("overlay", False)]
)
def test_the_type_of_the_mount_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, expected: bool
) -> None:
    device = os.stat(tmp_path).st_dev
    mounts = (
        "22 1 0:999999 / / rw,relatime shared:1 - nfs4 elsewhere:/ rw\n"
        f"36 22 {os.major(device)}:{os.minor(device)} /a /with\\040space rw master:1 shared:2 - {kind} x:/y rw\n"
    )
    ours: Any = lambda name, *args, **kwargs: io.StringIO(mounts)  # noqa: E731 – stands for the kernel's file
    monkeypatch.setattr(builtins, "open", ours)
    assert is_remote(str(tmp_path)) is expected


def test_a_folder_that_is_not_there_is_not_remote() -> None:
    assert not is_remote("/nowhere/at/all")

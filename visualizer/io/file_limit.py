"""How many files and sockets this process may have open."""

from __future__ import annotations

import resource


def raise_file_limit() -> None:
    """To what the system allows: a shell's soft limit is 1,024, and each open page is a file."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

"""Make sure that there is a PostgreSQL for the tests: the system's, else from apt. Each test starts one of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.tools.apt import install_packages

PROGRAMS = Path("/usr/lib/postgresql")


def has_postgres() -> bool:
    """Is there a server to start, and a user to start it as?"""
    return any(PROGRAMS.glob("*/bin/initdb"))


def main() -> int:
    if not has_postgres():
        install_packages("postgresql")
    return 0 if has_postgres() else 1


if __name__ == "__main__":
    sys.exit(main())

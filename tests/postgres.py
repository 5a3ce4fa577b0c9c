"""A PostgreSQL of a test's own, started from the system's programs: `apt-get install postgresql`."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from tests.ports import own_port


class Postgres:
    """A cluster in a temporary folder; `close` ends it and removes the folder."""

    def __init__(self, *, max_connections: int = 50) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
        self._bin = found[-1].parent
        assert (self._bin / "initdb").is_file(), "no PostgreSQL: apt-get install postgresql"
        self.folder = Path(tempfile.mkdtemp(prefix="eventscope-postgres-"))
        self.port = own_port()
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--auth=trust", "--username=eventscope", "--no-sync", "--pgdata", self.data)
        with (self.folder / "settings").open("w") as settings:
            settings.write(f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\n")
            settings.write(f"max_connections={max_connections}\nsuperuser_reserved_connections=0\nfsync=off\n")
        shutil.copy(self.folder / "settings", self.data / "postgresql.auto.conf")
        self.start()

    @property
    def data(self) -> Path:
        """Where it keeps everything."""
        return self.folder / "data"

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return f"postgres://eventscope@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "--pgdata", self.data, "--log", self.folder / "log", "--wait", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; "immediate" is as a crash."""
        self._run("pg_ctl", "--pgdata", self.data, "--wait", "--mode", mode, "stop")

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()

    def close(self) -> None:
        """End it."""
        subprocess.run(self._as_user("pg_ctl", "--pgdata", self.data, "--mode", "immediate", "stop"), check=False)
        shutil.rmtree(self.folder)

    def _run(self, program: str, *args: str | Path) -> None:
        subprocess.run(self._as_user(program, *args), check=True, stdout=subprocess.DEVNULL, timeout=120)

    def _as_user(self, program: str, *args: str | Path) -> list[str | Path]:
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        return [*prefix, self._bin / program, *args]

"""A real hopeit server with a small app of ours (tests/fixtures/hopeit_app), for tests marked `network`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.ports import own_port
from tests.tools import hopeit_env
from tests.world import FIXTURES, wait_until

APP = FIXTURES / "hopeit_app"
CONFIGS = ("server", "config-manager", "redis-streams", "app")
#: Planted as the server's pass phrase: it stands in the config answer in clear and must be nowhere of ours.
PASSPHRASE = "c4n4ry-passphrase"


class HopeitServer:
    """The server while it runs."""

    def __init__(self, folder: Path, *, redis_url: str) -> None:
        self.folder = folder
        #: Where its log files are.
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self._port = own_port()
        self._redis = urlsplit(redis_url)
        self._process = self._start()

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self._port}"

    def show_order(self, order_id: str) -> Any:
        """Run the GET event."""
        return self._ask(f"/api/little-shop/1x0/show-order?order_id={order_id}")[1]

    def place_order(self, order_id: object, amount: object) -> int:
        """Run the POST event: an amount below 0 fails, one that is no number is ignored; the status of the answer."""
        body = json.dumps({"order_id": order_id, "amount": amount}).encode()
        return self._ask("/api/little-shop/1x0/place-order", body)[0]

    def kill(self) -> None:
        """End it with all its processes, at once: its own way down takes some 6 s."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=60)

    def wait_until_it_answers(self) -> None:
        """
        Raises:
            AssertionError: it does not, with what it printed.
        """
        try:
            wait_until(self._answers, step_s=0.2)
        except AssertionError as exc:
            logs = [*self.logs.glob("hopeitxengine*.log"), self.folder / "hopeit.out"]
            printed = "\n".join(path.read_text(errors="replace")[-3000:] for path in logs)
            raise AssertionError(f"hopeit_server does not answer:\n{printed}") from exc

    def _start(self) -> subprocess.Popen[bytes]:
        files = ",".join(str(APP / "config" / f"{name}.json") for name in CONFIGS)
        program = str(hopeit_env.FOLDER / "bin" / "hopeit_server")
        with (self.folder / "hopeit.out").open("wb") as out:
            return subprocess.Popen(
                [
                    program,
                    "run",
                    f"--config-files={files}",
                    "--host=127.0.0.1",
                    f"--port={self._port}",
                    "--start-streams",
                ],
                cwd=self.folder,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self.folder),
                    "PYTHONPATH": str(APP / "src"),
                    "LITTLE_SHOP_LOGS": str(self.logs),
                    "LITTLE_SHOP_SECRETS": str(self.folder / "secrets"),
                    "LITTLE_SHOP_PASSPHRASE": PASSPHRASE,
                    "LITTLE_SHOP_REDIS_PORT": str(self._redis.port),
                    "LITTLE_SHOP_REDIS_PASSWORD": self._redis.password or "",
                },
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        assert self._process.poll() is None, "it ended"
        try:
            return bool(self.show_order("o0"))
        except OSError:
            return False

    def _ask(self, path: str, body: bytes | None = None) -> tuple[int, Any]:
        request = urllib.request.Request(self.url + path, data=body, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as exc:
            with exc:
                return exc.code, None


@contextmanager
def hopeit_server(folder: Path, *, redis_url: str) -> Iterator[HopeitServer]:
    """
    A server that answers; it has been asked for `show_order("o0")` a number of times by then.

    Args:
        folder: made; logs and keys go there.
        redis_url: where its streams are; the password is handed on to it.
    """
    hopeit_env.install()
    server = HopeitServer(folder, redis_url=redis_url)
    try:
        server.wait_until_it_answers()
        yield server
    finally:
        server.kill()

"""A Valkey that is somebody's broker: a second one, so that what is called on it is known, and what users may do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from collector.io.broker import ACL
from tests.world import World

#: Commands that a broker may be asked, as INFO commandstats names them. AUTH is how a user says who it is.
ALLOWED = {"auth", "info", "scan", "xinfo|stream", "xinfo|groups", "xinfo|consumers"}


class Broker:
    """It, and a client that may do everything."""

    def __init__(self, world: World) -> None:
        self.client: Any = world.start_valkey()
        #: URL of the user that may do everything.
        self.url = world.redis_url

    def url_of(self, user: str, *, rights: str = ACL, keys: str = "%R~*", password: str = "c4n4ry") -> str:
        """The URL of a user who has these rights and no more."""
        rules = ["on", ">c4n4ry", "resetkeys", keys, "resetchannels", "-@all", *rights.split()]
        self.client.execute_command("ACL", "SETUSER", user, "reset", *rules)
        return f"redis://{user}:{password}@{self.url.rpartition('@')[2]}"

    def fill(self, stream: str, count: int) -> list[bytes]:
        """Messages with something in them that nobody else may see; returns their ids."""
        return [self.client.xadd(stream, {"payload": "c4n4ry"}) for _ in range(count)]

    def read(self, stream: str, group: str, count: int, *, consumer: str = "worker-1") -> list[bytes]:
        """Let a consumer read; returns the ids."""
        told = self.client.xreadgroup(group, consumer, {stream: ">"}, count=count)
        return [message for _, messages in told for message, _ in messages]

    def called(self) -> set[str]:
        """Names of the commands that were called, or refused, since `forget_calls`; without our own two."""
        stats = self.client.info("commandstats")
        return {name.removeprefix("cmdstat_") for name in stats} - {"config|resetstat"}

    def forget_calls(self) -> None:
        """Begin to count anew."""
        self.client.config_resetstat()


@contextmanager
def broker_in(folder: Path) -> Iterator[Broker]:
    """One that runs until the block ends."""
    world = World(folder)
    try:
        yield Broker(world)
    finally:
        world.close()

"""Ports of 127.0.0.1 for what tests start, again on the same one after it was killed."""

from __future__ import annotations

import atexit
import socket
from random import SystemRandom

#: Below what systems give out by themselves, to whoever connects anywhere: there nobody comes in between.
_FIRST, _LAST = 12_000, 32_000


def own_port() -> int:
    """A port that nobody listens on, and that no other test is given while this process lives."""
    while True:
        port, held = SystemRandom().randint(_FIRST, _LAST), socket.socket(type=socket.SOCK_DGRAM)
        try:
            # Held as UDP, in which nobody is interested; a server wants it as TCP.
            held.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            held.close()
            continue
        atexit.register(held.close)
        return port

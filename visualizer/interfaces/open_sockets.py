"""
The open sockets and event streams of this process: how many there may be, and which of them have to end. One look for
all of them: a check for each would ask the database hundreds of times a second.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from channels.db import database_sync_to_async
from django.db import DatabaseError

from visualizer.config import read_options
from visualizer.interfaces.viewer import Viewer
from visualizer.repo.api_tokens import living_tokens
from visualizer.repo.sessions import signed_in_users

#: How often it is looked for browsers that do not answer any more.
LOOK_EVERY_S = 1.0
#: How often sessions and tokens are asked for: their end (sign-out, another password, a locked account; revoked, too
#: old) closes sockets and streams within 5 s.
SESSION_CHECK_S = 3.0
#: Close codes of ours.
SIGNED_OUT, NO_ACK = 4401, 4408

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class OpenSocket:
    """One of them."""

    viewer: Viewer
    #: What lets it in: a session, or a token of the API; the other one is "" or 0.
    session_key: str
    token_id: int
    #: Done with the code to close with, when it has to end.
    ended: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def end(self, code: int) -> None:
        """It has to end."""
        if not self.ended.done():
            self.ended.set_result(code)


class OpenSockets:
    """All of them."""

    def __init__(self) -> None:
        self._of_user: Counter[int] = Counter()
        self._sockets: set[OpenSocket] = set()
        self._guard: asyncio.Task[None] | None = None

    def has_room(self, user_id: int) -> bool:
        """May this user open one more?"""
        options = read_options()
        is_full = self._of_user.total() >= options.most_sockets
        return not is_full and self._of_user[user_id] < options.most_sockets_of_user

    @contextmanager
    def place(self, user_id: int) -> Iterator[None]:
        """Take a place."""
        self._of_user[user_id] += 1
        try:
            yield
        finally:
            self._of_user[user_id] -= 1
            if not self._of_user[user_id]:
                del self._of_user[user_id]

    @contextmanager
    def guarded(self, viewer: Viewer, *, session_key: str = "", token_id: int = 0) -> Iterator[OpenSocket]:
        """Have somebody look after a socket while it is open."""
        socket = OpenSocket(viewer, session_key, token_id)
        self._sockets.add(socket)
        if self._guard is None or self._guard.done():
            self._guard = asyncio.create_task(self._look_after(), name="open sockets")
        try:
            yield socket
        finally:
            self._sockets.discard(socket)

    async def _look_after(self) -> None:
        checked_s = time.monotonic()
        while self._sockets:
            await asyncio.sleep(min(LOOK_EVERY_S, SESSION_CHECK_S))
            for socket in self._sockets:
                if socket.viewer.is_dead:
                    socket.end(NO_ACK)
            if time.monotonic() - checked_s >= SESSION_CHECK_S:
                checked_s = time.monotonic()
                await self._check_sessions()

    async def _check_sessions(self) -> None:
        """Asked of the database anew; while that does not answer, nobody is sent away."""
        sessions = {socket.session_key for socket in self._sockets if socket.session_key}
        tokens = {socket.token_id for socket in self._sockets if socket.token_id}
        try:
            sessions_over = sessions.difference(await database_sync_to_async(signed_in_users)(sessions))
            tokens_over = tokens - await database_sync_to_async(living_tokens)(tokens, now=datetime.now(UTC))
        except DatabaseError as exc:
            log.debug("sessions: %s", type(exc).__name__)
            return
        for socket in self._sockets:
            if socket.session_key in sessions_over or socket.token_id in tokens_over:
                socket.end(SIGNED_OUT)

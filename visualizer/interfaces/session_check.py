"""
Who a session belongs to, asked for many in one query: whoever asks while a query runs is asked for with the next one. A
thousand pages that come back at once after a restart would else wait for a thousand queries, and give up meanwhile.
"""

from __future__ import annotations

import asyncio

from channels.db import database_sync_to_async
from django.db import DatabaseError

from visualizer.repo.sessions import signed_in_users


class SessionCheck:
    """The questions of this process."""

    def __init__(self) -> None:
        self._asked: dict[str, asyncio.Future[int | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def user_of(self, session_key: str) -> int | None:
        """
        The id of the user who is signed in with this session, None for nobody.

        Raises:
            DatabaseError: it does not answer.
        """
        if session_key not in self._asked:
            self._asked[session_key] = asyncio.get_running_loop().create_future()
        answer = self._asked[session_key]
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="session check")
        return await asyncio.shield(answer)

    async def _ask(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            try:
                users = await database_sync_to_async(signed_in_users)(asked)
            except DatabaseError as exc:
                for answer in asked.values():
                    answer.set_exception(exc)
                continue
            for key, answer in asked.items():
                answer.set_result(users.get(key))

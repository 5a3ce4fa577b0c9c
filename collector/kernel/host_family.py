"""HostFamily: a host that is asked, and those that are known through it: a proxy's remotes, a broker's workers."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from collector.core.host_answer import make_host_answer, state_answer
from collector.kernel.host_states import HostStates
from collector.lib.clock import now_s
from collector.models.errors import StoreUnavailable
from collector.models.host import UNKNOWN, HostPoll


class HostFamily:
    """Keeps what is known of them among the hosts of their source."""

    def __init__(self, states: HostStates, *, shown: str, prefix: str, position: int, redaction_key: bytes) -> None:
        """
        Args:
            shown: URL of the host that is asked, without user and password.
            prefix: what the names of those behind it begin with.
            position: among the hosts, for the order in which configs are joined.
        """
        self.shown, self.prefix = shown, prefix
        self._states, self._position, self._redaction_key = states, position, redaction_key

    def has(self, name: str) -> bool:
        """Whether a host of this name is one of them."""
        return name == self.shown or name.startswith(self.prefix)

    async def keep_asked(self, poll: HostPoll) -> None:
        """Keep what the host that is asked has just answered."""
        await self._states.keep_news(
            make_host_answer(
                poll,
                before=self._states.last(self.shown),
                url=self.shown,
                position=self._position,
                at_s=now_s(),
                key=self._redaction_key,
            )
        )

    async def keep_behind(self, name: str, status: str, reason: str, *, version: str | None = None) -> None:
        """
        Keep how one behind it is.

        Args:
            version: None: as it was.
        """
        await self._states.keep_news(
            state_answer(
                self._states.last(name),
                url=name,
                position=self._position,
                status=status,
                reason=reason,
                at_s=now_s(),
                version=version,
            )
        )

    async def keep_unknown(self, reason: str) -> None:
        """Nobody tells of those behind it now."""
        for name in self._states.names(self.prefix):
            await self.keep_behind(name, UNKNOWN, reason)

    async def forget_others(self, behind: Collection[str]) -> None:
        """Only these are behind it from now on; tried anew the next time where the store is away."""
        with suppress(StoreUnavailable):
            await self._states.forget_all_but(lambda name: name in behind or not name.startswith(self.prefix))

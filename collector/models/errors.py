"""
What can go wrong in the collector. The class docstring is the default message.

EventscopeError
├── InvalidOptions          settings that cannot be used, all at once
├── ApplicationError        an application that cannot be bound or run
├── HostProblem             a host gave no usable config; the message is the reason shown
├── StoreUnavailable        Redis cannot be reached or refuses; retried for ever
│   └── RecordDamaged       a file record in Redis that cannot be read
└── UnknownBatchVersion     a batch of a newer Eventscope
"""

from __future__ import annotations

from collections.abc import Sequence


class EventscopeError(Exception):
    """Something went wrong in Eventscope."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class InvalidOptions(EventscopeError):
    """Settings are invalid."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        #: One sentence a setting, never with the value it had.
        self.errors = tuple(errors)


class ApplicationError(EventscopeError):
    """An application cannot be bound or run."""


class HostProblem(EventscopeError):
    """The host gave no usable config."""


class StoreUnavailable(EventscopeError):
    """The Redis that carries the batches cannot be reached."""


class RecordDamaged(StoreUnavailable):
    """A file record in Redis is damaged; the rollup's reconciliation mends it."""


class UnknownBatchVersion(EventscopeError):
    """A batch was written by a newer version of Eventscope."""

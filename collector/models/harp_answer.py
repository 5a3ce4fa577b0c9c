"""What HARP Proxy's dashboard answers, as far as it is read: its endpoints with their remotes, and transactions."""

from __future__ import annotations

from typing import Annotated

import msgspec

#: What a number of a message may be: far more than any proxy stores.
Number = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
#: Status of a remote.
UP = 1
CHECKING = 0
DOWN = -1


class HarpSystem(msgspec.Struct, frozen=True):
    """GET /api/system."""

    #: "0.12.0".
    version: str


class HarpNames(msgspec.Struct, frozen=True):
    """Settings of an endpoint."""

    #: As configured: "orders".
    name: str
    #: Where it listens.
    port: int = 0


class HarpUrl(msgspec.Struct, frozen=True):
    """Settings of a remote."""

    #: With a slash at its end.
    url: str


class HarpRemote(msgspec.Struct, frozen=True):
    """One remote of an endpoint."""

    settings: HarpUrl
    #: UP, CHECKING (never proven, and asked all the same) or DOWN (not asked).
    status: int = CHECKING
    #: A set without order; what lies below the threshold stands here while it is up.
    failure_reasons: list[str] | None = None


class HarpPool(msgspec.Struct, frozen=True):
    """Where an endpoint sends what comes in."""

    #: URLs that are asked in turn; their order changes with every request.
    current_pool: list[str] = []
    endpoints: list[HarpRemote] = []


class HarpEndpoint(msgspec.Struct, frozen=True):
    """One endpoint."""

    settings: HarpNames
    remote: HarpPool


class HarpProxy(msgspec.Struct, frozen=True):
    """GET /api/system/proxy."""

    endpoints: list[HarpEndpoint]


class HarpMessage(msgspec.Struct, frozen=True):
    """One message of a transaction. Their ids count all messages of the proxy's storage, in the order they came."""

    id: Number
    #: request | response | error.
    kind: str
    #: "GET /items/2?q=a HTTP/1.1", "HTTP/1.1 500 Internal Server Error", "Unavailable": of others' making.
    summary: str = ""
    #: ISO 8601 with an offset.
    created_at: str = ""


class HarpExtras(msgspec.Struct, frozen=True):
    """What HARP says of a transaction beside."""

    #: 2xx … 5xx, or ERR: HARP had no answer from the remote.
    status_class: str | None = None
    #: Whether it was answered from the cache.
    cached: bool | None = None


class HarpTransaction(msgspec.Struct, frozen=True):
    """One request through an endpoint. It names no remote."""

    #: 27 characters.
    id: str
    endpoint: str | None = None
    #: None while it goes on.
    finished_at: str | None = None
    #: Milliseconds; None while it goes on.
    elapsed: float | None = None
    messages: list[HarpMessage] = []
    extras: HarpExtras | None = None


class HarpPage(msgspec.Struct, frozen=True):
    """GET /api/transactions/?page=…, newest first."""

    items: list[HarpTransaction]
    #: How many pages there are.
    pages: int = 1

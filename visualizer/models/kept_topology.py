"""
KeptTopology: what is kept of both views of a topology, for its history and to compare. It is stored as compressed
MessagePack.

Only what makes a difference is in it: neither processes, nor places, nor whether something was seen yet. Undeclared
nodes and edges are there because they were seen, so they are in it.
"""

from __future__ import annotations

import zlib
from hashlib import sha256

import msgspec

#: Setting → value as text: "response_timeout" → "60.0". Names are those of the config.
Settings = dict[str, str]


class KeptApp(msgspec.Struct, frozen=True, array_like=True, order=True):
    """An app."""

    #: "simple_example.0x30".
    key: str
    #: As configured.
    name: str
    version: str


class KeptNode(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A node; its fields are those of visualizer/models/topology.py."""

    id: str
    kind: str
    label: str
    app: str
    event_type: str
    declared: bool


class KeptEdge(msgspec.Struct, frozen=True, array_like=True, order=True):
    """An edge; its fields are those of visualizer/models/topology.py."""

    source: str
    target: str
    kind: str
    label: str
    declared: bool


class KeptView(msgspec.Struct, frozen=True, array_like=True):
    """One view, sorted: equal content is equal."""

    apps: tuple[KeptApp, ...] = ()
    nodes: tuple[KeptNode, ...] = ()
    edges: tuple[KeptEdge, ...] = ()


class KeptTopology(msgspec.Struct, frozen=True, array_like=True):
    """Both views and what is set."""

    #: standard | expanded → what is drawn.
    views: dict[str, KeptView]
    #: Event id, without stage, or app key → what its config sets.
    settings: dict[str, Settings] = {}


_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(KeptTopology).decode


def encode_kept(kept: KeptTopology) -> bytes:
    """The stored form: a topology of 500 nodes takes about 10 kB."""
    return zlib.compress(_encode(kept), 6)


def decode_kept(stored: bytes | memoryview) -> KeptTopology:
    """
    Read the stored form.

    Raises:
        ValueError: it is damaged.
    """
    try:
        return _decode(zlib.decompress(stored))
    except (zlib.error, msgspec.DecodeError) as exc:
        raise ValueError(f"a kept topology is damaged: {exc}") from exc


def kept_version(kept: KeptTopology) -> str:
    """The same for the same content."""
    return sha256(_encode(kept)).hexdigest()[:16]

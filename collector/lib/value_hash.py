"""A number for a text: what is found by it need not be kept itself."""

from __future__ import annotations

from hashlib import blake2b


def value_hash(text: bytes) -> int:
    """0 ≤ hash < 2⁶³: SQL has no larger whole numbers."""
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") >> 1

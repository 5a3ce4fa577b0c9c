"""The same operations everywhere, in about the wanted share, and a lower threshold keeps some of a higher one's."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from collector.lib.sampling import EVERYTHING, is_sampled, sample_hash

IDS = [str(uuid.UUID(int=place * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)).encode() for place in range(4000)]


def test_the_hash_never_changes() -> None:
    assert sample_hash(b"9f1c9a30-2c1b-4a56-8b6a-1d1f6f0c7e55") == 3716881888
    assert sample_hash(b"") == 0


@given(st.binary(max_size=200))
def test_everything_is_sampled_and_nothing_without_an_id(request_id: bytes) -> None:
    assert 0 <= sample_hash(request_id) < EVERYTHING
    assert is_sampled(request_id, EVERYTHING) == bool(request_id)
    assert not is_sampled(request_id, 0)


def test_a_lower_threshold_keeps_its_share_of_what_a_higher_one_kept() -> None:
    half = {each for each in IDS if is_sampled(each, EVERYTHING // 2)}
    eighth = {each for each in IDS if is_sampled(each, EVERYTHING // 8)}
    assert eighth < half
    assert 1800 < len(half) < 2200
    assert 400 < len(eighth) < 600

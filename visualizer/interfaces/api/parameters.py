"""What endpoints may be asked, as pydantic knows it: each with what it means and what it may be."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Query

from visualizer.interfaces.panel_facts import MAX_ID_CHARS

#: The largest page.
MAX_LIMIT = 1000
MAX_PAGE = 1_000_000
_MAX_WORDS_CHARS = 200
#: The farthest an instant may lie: beyond it no bucket is.
_MAX_TIME_S = 2**37
#: A database refuses NUL in a text, and no name of ours has any.
NO_NUL = r"^[^\x00]*$"

View = Annotated[
    Literal["standard", "expanded"],
    Query(description="standard: a stream is one node; expanded: a node per queue and stage"),
]
NodeId = Annotated[
    str, Query(pattern=NO_NUL, min_length=1, max_length=MAX_ID_CHARS, description="node id, as /graph has them")
]
AppKey = Annotated[
    str, Query(pattern=NO_NUL, max_length=MAX_ID_CHARS, description="key of an app, such as simple_example.0x30")
]
HostUrl = Annotated[
    str, Query(pattern=NO_NUL, max_length=MAX_ID_CHARS, description="base URL of a server, as /graph has them")
]
Words = Annotated[
    str,
    Query(
        pattern=NO_NUL,
        max_length=_MAX_WORDS_CHARS,
        description="words, of which each has to stand in a name, in any case",
    ),
]
Prefix = Annotated[
    str, Query(pattern=NO_NUL, max_length=MAX_ID_CHARS, description="only apps whose name begins with it")
]
Instant = Annotated[int | None, Query(ge=0, le=_MAX_TIME_S, description="unix seconds")]
Points = Annotated[int, Query(ge=2, le=MAX_LIMIT, description="so many at most")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description=f"items of a page, at most {MAX_LIMIT}")]
PageNumber = Annotated[int, Query(ge=1, le=MAX_PAGE, description="from 1; a page after the last one is empty")]

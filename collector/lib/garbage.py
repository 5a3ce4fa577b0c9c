"""
Circles of objects that hold each other. What lines and batches are made of makes none: counting references frees it,
and looking for circles among it takes up to a third of the time of a busy process.
"""

from __future__ import annotations

import gc


def look_for_circles_rarely(*, objects: int) -> None:
    """
    Never again among what there is now, and only after so many more.

    Args:
        objects: what circles may hold until they are found.
    """
    gc.freeze()
    gc.set_threshold(objects, 50, 50)

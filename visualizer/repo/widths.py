"""The widths that history is written in: they hold from its first start on."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.models.errors import WidthsMismatch
from visualizer.repo.models import Layout
from visualizer.repo.shard_state import read_shards

_MARK = """
INSERT INTO visualizer_stalebucket (width_s, start_s, shard, changes)
SELECT DISTINCT %s, start_s - start_s %% %s, shard, 1 FROM visualizer_bucket WHERE width_s = %s
ON CONFLICT (width_s, start_s, shard) DO NOTHING
"""


def agree_on_widths(resolutions: Sequence[Resolution]) -> None:
    """
    See whether history is written in these widths. Where it was written before there were wider ones, they are to be
    made of what is there.

    Raises:
        WidthsMismatch: it was begun with others.
    """
    ours = ",".join(str(each.width_s) for each in resolutions)
    read_shards()
    if (found := Layout.objects.get(id=1).widths) and found != ours:
        raise WidthsMismatch(
            f"EVENTSCOPE_HISTORY has widths of {ours} s, and history was begun with {found} s. Set these widths, or "
            "begin with another database; how long each is kept may be changed at any time."
        )
    if not found:
        with transaction.atomic():
            if Layout.objects.filter(id=1, widths="").update(widths=ours):
                coarse_s = resolutions[len(WRITTEN_S)].width_s
                with connection.cursor() as cursor:
                    # A WHERE before ON CONFLICT: SQLite takes ON for a join's otherwise.
                    cursor.execute(_MARK, [coarse_s, coarse_s, WRITTEN_S[-1]])

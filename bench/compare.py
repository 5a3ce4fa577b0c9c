"""
How long it takes to compare all nodes of a graph with what they did yesterday and last week: 2,000 nodes, each busy for
72 minutes of a day at a time of its own; and all of them busy all the time.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench.history import BUSY_S, DAY_S, NOW, p95_words, timed

SERIES = 2_000
_RUNS = 20
_RANGES = (("15 min", 900), ("1 h", 3600), ("24 h", DAY_S), ("7 d", 7 * DAY_S))


def main() -> None:
    """Print the p95 of each range."""
    with tempfile.TemporaryDirectory(prefix="eventscope-bench-") as folder:
        os.environ |= {"EVENTSCOPE_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "visualizer.settings"}
        import django

        django.setup()
        from bench.history_fill import Filling
        from visualizer.repo.history_models import BucketBlock

        filling = Filling(Path(folder) / "eventscope.sqlite3", series=SERIES, busy_s=BUSY_S, now_s=NOW)
        _draw()
        # What is older is not looked at, but for where it begins.
        filling.fill_all(SERIES, most_s=16 * DAY_S)
        for back_s, name in ((DAY_S, "yesterday"), (7 * DAY_S, "last week")):
            for words, length_s in _RANGES:
                _compare(f"{words:>6} with {name:9}", length_s, back_s)
        filling.busy_s = DAY_S
        BucketBlock.objects.all().delete()
        filling.fill_all(SERIES, most_s=26 * 3600)
        for words, length_s in _RANGES[:2]:
            _compare(f"{words:>6} with yesterday, all busy", length_s, DAY_S)


def _draw() -> None:
    """The topology of all the time."""
    from visualizer.models.kept_topology import KeptApp, KeptNode, KeptTopology, KeptView
    from visualizer.repo.topology_history import add_version

    nodes = tuple(KeptNode(f"shop.e{at}", "event", f"e{at}", "shop", "GET", True) for at in range(SERIES))
    kept = KeptTopology({"standard": KeptView(apps=(KeptApp("shop", "shop", ""),), nodes=nodes)})
    add_version(kept, after=None, now_s=0, basis="", hosts={}, summary="", causes=())


def _compare(words: str, length_s: int, back_s: int) -> None:
    from visualizer.interfaces.behaviour_differences import find_behaviour_differences

    def compare() -> dict[str, object]:
        return find_behaviour_differences("standard", NOW - length_s, NOW, back_s=back_s, now_s=NOW)

    found = compare()
    took = [timed(compare) for _ in range(_RUNS)]
    print(f"{words}: {p95_words(took)}; {found['differ']} of {found['compared']} differ", flush=True)

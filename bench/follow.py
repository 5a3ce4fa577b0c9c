"""How long it takes from an id to the path of its request, in an index of a million entries (SQLite, a real file)."""

from __future__ import annotations

import os
import tempfile
from random import Random
from statistics import median
from time import perf_counter

# Before Django's settings are read: the database is one of our own.
os.environ["EVENTSCOPE_DATA_DIR"] = tempfile.mkdtemp(prefix="eventscope-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")

ENTRIES = 1_000_000
#: Runs of a request: through a dozen events.
HOPS = 12
ASKED = 200


def main() -> None:
    """Print the median and the worst time of ASKED ids, and the size of the file."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.topologies import large_topology
    from visualizer.core.operation_path import find_path, path_lines
    from visualizer.repo.operations import find_requests, read_entries

    call_command("migrate", verbosity=0)
    topology = large_topology(1000, nodes_per_app=30)
    events = [node for node in topology.nodes if node.kind == "event"][:HOPS]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO visualizer_seenserver (host_name, pid) VALUES ('h', '1')")
        for at, node in enumerate(events, start=1):
            cursor.execute(
                "INSERT INTO visualizer_activity (id, app, plugin, event, kind, stream, queue, consumer_group,"
                " first_seen_s) VALUES (%s, %s, '', %s, 'stream', 'orders', '', '', 0)",
                (at, node.app, node.name),
            )
        rows = [(n % HOPS + 1, 1, 1e9 + n / 50, 1, 5.0, f"r{n // HOPS}", f"o{n}", "") for n in range(ENTRIES)]
        cursor.executemany(
            "INSERT INTO visualizer_sampledentry (activity_id, server_id, timestamp_s, status, duration_ms, request_id,"
            " operation_id, message_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )
    chance, took_ms = Random(1), []
    for _ in range(ASKED):
        any_id = chance.choice([f"r{chance.randrange(ENTRIES // HOPS)}", f"o{chance.randrange(ENTRIES)}"])
        began = perf_counter()
        (request_id,) = find_requests(any_id)
        entries, _ = read_entries(request_id)
        hops = find_path(entries, topology.edges, view="standard")
        path_lines(hops)
        took_ms.append((perf_counter() - began) * 1000)
    size_mb = os.path.getsize(connection.settings_dict["NAME"]) / 1e6
    print(f"{ENTRIES:,} entries, {size_mb:,.0f} MB: median {median(took_ms):.1f} ms, worst {max(took_ms):.1f} ms (500)")

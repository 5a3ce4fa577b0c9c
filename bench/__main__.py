"""`python -m bench [name …]`: measure, and print what was measured. Without a name: all, in turn."""

from __future__ import annotations

import sys

from bench import (
    blast,
    canvas,
    compare,
    follow,
    footprint,
    history,
    idle_files,
    latency,
    layout,
    lint,
    load,
    parser,
    peers,
    pipeline,
    push,
    seek,
    start_up,
    topology_diff,
    trickle,
)

BENCHES = {
    "parser": parser.main,
    "peers": peers.main,
    "pipeline": pipeline.main,
    "trickle": trickle.main,
    "idle_files": idle_files.main,
    "latency": latency.main,
    "layout": layout.main,
    "topology_diff": topology_diff.main,
    "blast": blast.main,
    "follow": follow.main,
    "lint": lint.main,
    "canvas": canvas.main,
    "load": load.main,
    "push": push.main,
    "history": history.main,
    "seek": seek.main,
    "compare": compare.main,
    "start_up": start_up.main,
    "footprint": footprint.main,
}


def main(names: list[str]) -> None:
    """Run the benches of these names."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        sys.exit(f"unknown bench: {', '.join(unknown)}; known are {', '.join(BENCHES)}")
    for name in names or BENCHES:
        print(f"== {name}", flush=True)
        BENCHES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])

"""`python -m visualizer.interfaces.demo <folder>`, with REDIS_URL in the environment: what `manage.py demo` becomes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import redis

from visualizer.interfaces.demo.fleet import run_fleet
from visualizer.interfaces.demo.fleet_file import FleetRuns

if __name__ == "__main__":
    try:
        run_fleet(Path(sys.argv[1]), redis_url=os.environ["REDIS_URL"])
    except FleetRuns as exc:
        sys.exit(str(exc))
    except redis.RedisError as exc:
        sys.exit(f"the demo needs a Redis that answers: {type(exc).__name__}")

"""Django's settings for the tests' own process: its data folder is a temporary one."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("EVENTSCOPE_DATA_DIR", tempfile.mkdtemp(prefix="eventscope-tests-"))

from visualizer.settings import *  # noqa: F403

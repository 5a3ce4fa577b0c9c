"""Django's settings for the tests' own process: its data folder is a temporary one, which ends with it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "EVENTSCOPE_DATA_DIR" not in os.environ:
    os.environ["EVENTSCOPE_DATA_DIR"] = tempfile.mkdtemp(prefix="eventscope-tests-")
    atexit.register(shutil.rmtree, os.environ["EVENTSCOPE_DATA_DIR"], ignore_errors=True)

from visualizer.settings import *  # noqa: F403

"""Parses one file as a collector does, to counts and duration buckets. Prints lines and CPU seconds as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from collector.interfaces.collect import CIRCLES_OBJECTS
from collector.io.log_file import CHUNK_BYTES
from collector.kernel.discovery import load_applications
from collector.kernel.format import Format
from collector.kernel.formats import Formats
from collector.lib.garbage import look_for_circles_rarely
from collector.models.options import Options


def main(path: Path) -> None:
    """Parse it chunk by chunk."""
    formats = [each for each in load_applications(Options().applications) if isinstance(each, Format)]
    lines = path.read_bytes().count(b"\n")
    descriptor = os.open(path, os.O_RDONLY)
    chosen, _ = Formats(formats).choose(os.pread(descriptor, 16 * 1024, 0))
    parser = chosen.make_parser()
    look_for_circles_rarely(objects=CIRCLES_OBJECTS)
    offset = 0
    began_s = time.process_time()
    while whole := (data := os.pread(descriptor, CHUNK_BYTES, offset)).rfind(b"\n") + 1:
        batch = parser.parse(data[:whole], offset=offset, received_s=time.time()).batch
        assert batch.size_bytes == whole
        offset += whole
    cpu_s = time.process_time() - began_s
    assert offset == path.stat().st_size
    print(json.dumps({"lines": lines, "cpu_s": cpu_s, "format": chosen.name}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

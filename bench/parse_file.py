"""Parses one file as a collector does, to counts and duration buckets. Prints lines and CPU seconds as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from collector.kernel.discovery import load_applications
from collector.kernel.format import Format
from collector.kernel.formats import Formats
from collector.models.options import Options

WINDOW_BYTES = 1024 * 1024


def main(path: Path) -> None:
    """Parse it window by window."""
    formats = [each for each in load_applications(Options().applications) if isinstance(each, Format)]
    with path.open("rb") as file:
        chosen, _ = Formats(formats).choose(file.read(16 * 1024))
        parser = chosen.make_parser()
        file.seek(0)
        lines = offset = 0
        rest = b""
        began_s = time.process_time()
        while block := file.read(WINDOW_BYTES):
            cut = block.rfind(b"\n") + 1
            chunk, rest = rest + block[:cut], block[cut:]
            batch = parser.parse(chunk, offset=offset, received_s=time.time()).batch
            offset += len(chunk)
            lines += batch.lines
        cpu_s = time.process_time() - began_s
    print(json.dumps({"lines": lines, "cpu_s": cpu_s, "format": chosen.name}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Reading a TOML file whose errors never show a value."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def read_toml(path: Path) -> dict[str, Any]:
    """
    The file's table; empty when there is no such file.

    Raises:
        ValueError: it is not TOML or cannot be read; the message names the place, not the content.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        place = str(exc).rpartition("(")[2].rstrip(")") if "(at" in str(exc) else "somewhere"
        raise ValueError(f"{path.name} is no TOML ({place})") from None
    except OSError as exc:
        raise ValueError(f"{path.name} cannot be read: {exc.strerror}") from None

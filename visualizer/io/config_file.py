"""Reading answers of hopeit's config endpoints that were saved to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from visualizer.models.errors import InvalidConfigFile

#: Hundreds of times what hosts answer; somebody gave the wrong file.
MAX_BYTES = 256 * 1024 * 1024


def read_config_file(path: Path) -> dict[str, Any]:
    """
    RuntimeApps: {"apps": {…}}. An answer of the visualizer, {"runtime_apps": …}, is taken as well.

    Raises:
        InvalidConfigFile: it cannot be read, or is something else.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidConfigFile(f"{path}: larger than {MAX_BYTES // 2**20} MiB, no answer of a config endpoint")
        answer = msgspec.json.decode(path.read_bytes())
    except OSError as exc:
        raise InvalidConfigFile(f"{path}: {exc.strerror or type(exc).__name__}") from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InvalidConfigFile(f"{path}: not JSON: {exc}") from exc
    except RecursionError as exc:
        raise InvalidConfigFile(f"{path}: nested too deeply") from exc
    apps = answer.get("runtime_apps", answer) if isinstance(answer, dict) else None
    if not isinstance(apps, dict) or not isinstance(apps.get("apps"), dict):
        raise InvalidConfigFile(
            f"{path}: holds no apps. Expected the answer of runtime-apps-config or cluster-apps-config of "
            "hopeit's config-manager, or of events-graph of its visualizer"
        )
    return apps

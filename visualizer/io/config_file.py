"""Reading files in which apps are declared: saved answers of config endpoints, AsyncAPI and OpenAPI documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from collector.models.document import document_fault, document_root, json_fault
from visualizer.core.declared_document import runtime_apps_of
from visualizer.models.errors import InvalidConfigFile

#: Hundreds of times what hosts answer; somebody gave the wrong file.
MAX_BYTES = 256 * 1024 * 1024


def read_config_file(path: Path) -> dict[str, Any]:
    """
    RuntimeApps: {"apps": {…}}, made of a document where it is one. An answer of the visualizer, {"runtime_apps": …}, is
    taken as well.

    Raises:
        InvalidConfigFile: it cannot be read, or is something else.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidConfigFile(f"{path}: larger than {MAX_BYTES // 2**20} MiB, no answer of a config endpoint")
        text = path.read_bytes()
        answer = msgspec.json.decode(text)
    except OSError as exc:
        raise InvalidConfigFile(f"{path}: {exc.strerror or type(exc).__name__}") from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InvalidConfigFile(f"{path}: not JSON: {exc}; {json_fault(text)}") from exc
    except RecursionError as exc:
        raise InvalidConfigFile(f"{path}: nested too deeply") from exc
    if document_root(answer):
        if fault := document_fault(answer):
            raise InvalidConfigFile(f"{path}: {fault}")
        return runtime_apps_of(answer)
    apps = answer.get("runtime_apps", answer) if isinstance(answer, dict) else None
    if not isinstance(apps, dict) or not isinstance(apps.get("apps"), dict):
        raise InvalidConfigFile(
            f"{path}: holds no apps. Expected the answer of runtime-apps-config or cluster-apps-config of "
            "hopeit's config-manager, or of events-graph of its visualizer, or an AsyncAPI or OpenAPI document"
        )
    return apps

"""
Reading files in which apps are declared: saved answers of config endpoints, hopeit's own app files, AsyncAPI and
OpenAPI documents.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from collector.models.document import document_fault, document_root, json_fault
from visualizer.core.declared_document import runtime_apps_of
from visualizer.core.hopeit_app_file import is_app_file, is_server_file, runtime_apps_of_files
from visualizer.models.errors import InvalidConfigFile

#: Hundreds of times what hosts answer; somebody gave the wrong file.
MAX_BYTES = 256 * 1024 * 1024


def read_config_files(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """
    RuntimeApps of each: {"apps": {…}}, made of an app file or a document where it is one. App files complete each
    other: an app runs the events of its plugins. An answer of the visualizer, {"runtime_apps": …}, is taken as well.

    Raises:
        InvalidConfigFile: one cannot be read, or is something else.
    """
    found = [_decoded(path) for path in paths]
    app_files = [value for value in found if is_app_file(value)]
    try:
        of_files = iter(runtime_apps_of_files(app_files, environment=os.environ))
    except RecursionError as exc:
        raise InvalidConfigFile(f"{', '.join(map(str, paths))}: nested too deeply") from exc
    return [
        next(of_files) if is_app_file(value) else _runtime_apps(path, value)
        for path, value in zip(paths, found, strict=True)
    ]


def read_config_file(path: Path) -> dict[str, Any]:
    """
    RuntimeApps of one file alone.

    Raises:
        InvalidConfigFile: it cannot be read, or is something else.
    """
    return read_config_files([path])[0]


def _decoded(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidConfigFile(f"{path}: larger than {MAX_BYTES // 2**20} MiB, no answer of a config endpoint")
        text = path.read_bytes()
        return msgspec.json.decode(text)
    except OSError as exc:
        raise InvalidConfigFile(f"{path}: {exc.strerror or type(exc).__name__}") from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InvalidConfigFile(f"{path}: not JSON: {exc}; {json_fault(text)}") from exc
    except RecursionError as exc:
        raise InvalidConfigFile(f"{path}: nested too deeply") from exc


def _runtime_apps(path: Path, answer: Any) -> dict[str, Any]:
    if document_root(answer):
        if fault := document_fault(answer):
            raise InvalidConfigFile(f"{path}: {fault}")
        return runtime_apps_of(answer)
    if is_server_file(answer):
        raise InvalidConfigFile(f"{path}: the file of a server, which declares no app: leave it out")
    apps = answer.get("runtime_apps", answer) if isinstance(answer, dict) else None
    if not isinstance(apps, dict) or not isinstance(apps.get("apps"), dict):
        raise InvalidConfigFile(
            f"{path}: holds no apps. Expected hopeit's app file, the answer of runtime-apps-config or "
            "cluster-apps-config of its config-manager, or of events-graph of its visualizer, or an AsyncAPI or "
            "OpenAPI document"
        )
    return apps

"""Options with where each one came from: what `check_config` prints and every process starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from collector.lib.secret import Secret
from collector.lib.shown_url import without_userinfo
from collector.lib.toml_file import read_toml
from collector.models.document import DOCUMENT_KINDS
from collector.models.errors import InvalidOptions
from collector.models.options import SETTINGS, Options

#: Names the settings file; the only setting that is not in it.
CONFIG_VARIABLE = "EVENTSCOPE_CONFIG"
CONFIG_FILE = "eventscope.toml"
#: Where `manage.py up` leaves the URL of the embedded Valkey, for commands in other terminals.
EMBEDDED_URL_FILE = "valkey.url"


@dataclass(frozen=True, slots=True)
class EffectiveOptions:
    """Validated options and their sources."""

    #: The options.
    options: Options
    #: Field → "environment EVENTSCOPE_LOGS", "eventscope.toml", "default" …
    sources: Mapping[str, str]


def effective_options(environ: Mapping[str, str], *, folder: Path) -> EffectiveOptions:
    """
    Read all settings.

    Args:
        folder: where eventscope.toml is looked for, and what a relative data folder starts from.

    Raises:
        InvalidOptions: with every error at once, none of them showing a value.
    """
    errors: list[str] = []
    came: dict[str, Any] = {}
    sources = {setting.field: "default" for setting in SETTINGS}
    _take_toml(folder / environ.get(CONFIG_VARIABLE, CONFIG_FILE), came, sources, errors)
    _take_environment(environ, came, sources, errors)
    values = _read_values(came, sources, errors)
    _check_formats(values, sources, errors)
    _check_documents(values, sources, errors)
    if errors:
        raise InvalidOptions(errors)
    options = Options(**values)
    options = replace(options, data_dir=folder / options.data_dir)
    embedded = options.data_dir / EMBEDDED_URL_FILE
    if options.redis_url is None and embedded.is_file():
        options = replace(options, redis_url=Secret(embedded.read_text("utf-8").strip()))
        sources["redis_url"] = f"embedded Valkey ({EMBEDDED_URL_FILE})"
    return EffectiveOptions(options, sources)


def shown_value(value: Any) -> str:
    """A setting as text, secrets masked, passwords in URLs too."""
    if isinstance(value, tuple):
        return ", ".join(without_userinfo(str(item), mask="********@") for item in value) or "–"
    if isinstance(value, float):
        return f"{value:g} s"
    return "–" if value is None or value == "" else str(value)


def _take_toml(path: Path, came: dict[str, Any], sources: dict[str, str], errors: list[str]) -> None:
    known = {setting.toml_name: setting.field for setting in SETTINGS}
    try:
        table = read_toml(path)
    except ValueError as exc:
        errors.append(str(exc))
        return
    for key, value in table.items():
        if key in known:
            came[known[key]], sources[known[key]] = value, path.name
        else:
            near = get_close_matches(key, known, n=1)
            errors.append(f"{path.name}: unknown setting {key!r}" + (f", did you mean {near[0]!r}?" if near else ""))


def _take_environment(
    environ: Mapping[str, str], came: dict[str, Any], sources: dict[str, str], errors: list[str]
) -> None:
    for setting in SETTINGS:
        for name in setting.names:
            if environ.get(name):
                came[setting.field], sources[setting.field] = environ[name], f"environment {name}"
                break
            if path := environ.get(f"{name}_FILE"):
                try:
                    came[setting.field] = Path(path).read_text("utf-8").strip()
                    sources[setting.field] = f"file of {name}_FILE"
                except (OSError, UnicodeDecodeError):
                    errors.append(f"{name}_FILE: expected the path of a readable text file")
                break


def _read_values(came: Mapping[str, Any], sources: Mapping[str, str], errors: list[str]) -> dict[str, Any]:
    values = {}
    for setting in SETTINGS:
        if setting.field in came:
            try:
                values[setting.field] = setting.read(came[setting.field])
            except ValueError as exc:
                errors.append(f"{setting.names[0]}: {exc} (from {sources[setting.field]})")
    return values


def _check_documents(values: Mapping[str, Any], sources: Mapping[str, str], errors: list[str]) -> None:
    """Documents that nobody would read are a mistake that shows nowhere else."""
    applications = values.get("applications", Options().applications)
    for kind in DOCUMENT_KINDS:
        if values.get(kind) and kind not in applications:
            errors.append(
                f"EVENTSCOPE_{kind.upper()}: expected {kind} among EVENTSCOPE_APPLICATIONS, or nobody reads them "
                f"(from {sources[kind]})"
            )


def _check_formats(values: Mapping[str, Any], sources: Mapping[str, str], errors: list[str]) -> None:
    applications = values.get("applications", Options().applications)
    names = [pair.rpartition("=")[2] for pair in values.get("formats", ())]
    if wrong := [str(number) for number, name in enumerate(names, start=1) if name not in applications]:
        errors.append(
            f"EVENTSCOPE_FORMATS: expected formats among EVENTSCOPE_APPLICATIONS ({', '.join(applications)}); "
            f"unknown: number {', '.join(wrong)} (from {sources['formats']})"
        )

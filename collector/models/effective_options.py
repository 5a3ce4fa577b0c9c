"""Options with where each one came from: what `check_config` prints and every process starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr, ValidationError

from collector.lib.toml_file import read_toml
from collector.models.errors import InvalidOptions
from collector.models.options import Options, option_names, toml_name

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
    values: dict[str, Any] = {}
    sources = dict.fromkeys(Options.model_fields, "default")
    config = folder / environ.get(CONFIG_VARIABLE, CONFIG_FILE)
    _take_toml(config, values, sources, errors)
    _take_environment(environ, values, sources, errors)
    options = _validate(values, sources, errors)
    if options is None:
        raise InvalidOptions(errors)
    if not options.data_dir.is_absolute():
        options = options.model_copy(update={"data_dir": folder / options.data_dir})
    embedded = options.data_dir / EMBEDDED_URL_FILE
    if options.redis_url is None and embedded.is_file():
        options = options.model_copy(update={"redis_url": SecretStr(embedded.read_text("utf-8").strip())})
        sources["redis_url"] = f"embedded Valkey ({EMBEDDED_URL_FILE})"
    return EffectiveOptions(options, sources)


def shown_value(value: Any) -> str:
    """A setting as text, secrets masked, passwords in URLs too."""
    if value is None:
        return "–"
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, tuple):
        return ", ".join(_without_userinfo(str(item)) for item in value) or "–"
    return str(value) if str(value) else "–"


def _without_userinfo(text: str) -> str:
    parts = urlsplit(text) if "://" in text else None
    if parts is None or "@" not in parts.netloc:
        return text
    return urlunsplit(parts._replace(netloc="********@" + parts.netloc.rpartition("@")[2]))


def _take_toml(path: Path, values: dict[str, Any], sources: dict[str, str], errors: list[str]) -> None:
    fields = {toml_name(field): field for field in Options.model_fields}
    try:
        table = read_toml(path)
    except ValueError as exc:
        errors.append(str(exc))
        return
    for key, value in table.items():
        if key in fields:
            values[fields[key]] = tuple(value) if isinstance(value, list) else value
            sources[fields[key]] = path.name
        else:
            near = get_close_matches(key, fields, n=1)
            errors.append(f"{path.name}: unknown setting {key!r}" + (f", did you mean {near[0]!r}?" if near else ""))


def _take_environment(
    environ: Mapping[str, str], values: dict[str, Any], sources: dict[str, str], errors: list[str]
) -> None:
    for field in Options.model_fields:
        for name in option_names(field):
            if environ.get(name):
                values[field], sources[field] = environ[name], f"environment {name}"
                break
            if path := environ.get(f"{name}_FILE"):
                try:
                    values[field] = Path(path).read_text("utf-8").strip()
                    sources[field] = f"file of {name}_FILE"
                except (OSError, UnicodeDecodeError):
                    errors.append(f"{name}_FILE: expected the path of a readable text file")
                break


def _validate(values: dict[str, Any], sources: Mapping[str, str], errors: list[str]) -> Options | None:
    if "*" in str(values.get("allowed_hosts", "")):
        errors.append("ALLOWED_HOSTS: expected host names, * lets any page of the web ask as you")
    try:
        options = Options.model_validate(values)
    except ValidationError as exc:
        for error in exc.errors(include_input=False, include_url=False, include_context=False):
            field = str(error["loc"][0])
            field = field if field in Options.model_fields else _field_of(field)
            message = error["msg"].removeprefix("Value error, ")
            errors.append(f"{option_names(field)[0]}: {message} (from {sources[field]})")
        return None
    return None if errors else options


def _field_of(name: str) -> str:
    return next(field for field in Options.model_fields if name in option_names(field))

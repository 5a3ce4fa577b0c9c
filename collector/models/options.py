"""
Options: every setting of Eventscope, validated and frozen. Collector and visualizer read the same ones.

A setting comes from the environment, from a file named by `<NAME>_FILE` (for secrets), from eventscope.toml, or
from its default, in this order. docs/settings.md is made from the descriptions here; a test holds it complete.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

_DURATION_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")


def _split_commas(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def duration_s(text: str) -> float:
    """
    Seconds of "90d", "15m", "1.5 h".

    Raises:
        ValueError: it is no duration.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError("expected a number with a unit: s, m, h, d or w, such as 90d")
    return float(match[1]) * _DURATION_UNITS_S[match[2]]


def _seconds(value: Any) -> Any:
    return duration_s(value) if isinstance(value, str) else value


def _base_urls(value: Any) -> Any:
    urls = _split_commas(value)
    for url in urls if isinstance(urls, tuple | list) else ():
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected base URLs with http:// or https:// and a host, separated by commas")
        if parts.query or parts.fragment:
            raise ValueError("expected base URLs without ? and #")
    return tuple(url.rstrip("/") for url in urls) if isinstance(urls, tuple | list) else urls


def _redis_url(value: Any) -> Any:
    if isinstance(value, str) and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise ValueError("expected redis://, rediss:// or unix://")
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(_split_commas)]
BaseUrls = Annotated[tuple[str, ...], BeforeValidator(_base_urls)]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0)]
RedisUrl = Annotated[SecretStr, BeforeValidator(_redis_url)]


def _named(default: Any, *names: str, **more: Any) -> Any:
    return Field(default, validation_alias=AliasChoices(*names), **more)


class Options(BaseModel):
    """Every setting. The first name of each is the one to use, others are aliases."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True)

    logs: Names = _named((), "EVENTSCOPE_LOGS", description="Log files to read: globs, separated by commas.")
    hosts: BaseUrls = _named(
        (),
        "EVENTSCOPE_HOSTS",
        "HOPEIT_APPS_VISUALIZER_HOSTS",
        description="Base URLs of the servers whose config is polled, separated by commas. "
        "Configs are merged in this order.",
    )
    read_from: Literal["beginning", "end"] = _named(
        "beginning",
        "EVENTSCOPE_READ_FROM",
        description="Where reading a file begins that was never seen before: beginning or end.",
    )
    retention_s: Seconds = _named(
        90 * 86400.0, "EVENTSCOPE_RETENTION", description="How long counts are kept: a number and s, m, h, d or w."
    )
    host_id: str = _named(
        "",
        "EVENTSCOPE_HOST_ID",
        max_length=128,
        description="Name of this machine in file ids. Default: the machine id, else one kept in the data folder.",
    )
    hopeit_version: str = _named(
        "",
        "EVENTSCOPE_HOPEIT_VERSION",
        pattern=r"^(\d+([.x]\d+)*)?$",
        description="Version in the path of hopeit's config endpoint, such as 0.30. Default: found by itself.",
    )
    poll_interval_s: Seconds = _named(
        10.0, "EVENTSCOPE_POLL_INTERVAL", description="How often each host's config is asked for."
    )
    applications: Names = _named(
        ("log_files", "hopeit", "config_manager", "store"),
        "EVENTSCOPE_APPLICATIONS",
        description="The collector's applications that are switched on.",
    )
    data_dir: Path = _named(
        Path(".eventscope"),
        "EVENTSCOPE_DATA_DIR",
        description="Folder for the database, secrets and the embedded Valkey.",
    )
    port: int = _named(8000, "PORT", ge=1, le=65535, description="Port of the page, on 127.0.0.1.")
    redis_url: RedisUrl | None = _named(
        None, "REDIS_URL", description="Redis or Valkey to use. Default: an embedded Valkey, started by `make up`."
    )
    database_url: SecretStr | None = _named(
        None, "DATABASE_URL", description="SQL database. Default: SQLite in the data folder."
    )
    celery_broker_url: SecretStr | None = _named(
        None, "CELERY_BROKER_URL", description="Broker of the jobs, never a Redis Cluster. Default: the Redis above."
    )
    secret_key: SecretStr | None = _named(
        None, "SECRET_KEY", description="Signs sessions. Default: random, kept in the data folder."
    )
    allowed_hosts: Names = _named(
        ("localhost", "127.0.0.1", "[::1]"),
        "ALLOWED_HOSTS",
        description="Host names under which the page may be asked for. * is refused.",
    )
    csrf_trusted_origins: Names = _named(
        (), "CSRF_TRUSTED_ORIGINS", description="Origins, with https://, of a proxy in front of the page."
    )
    metrics_token: SecretStr | None = _named(
        None, "EVENTSCOPE_METRICS_TOKEN", description="Bearer token for /metrics from elsewhere than loopback."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _named(
        "INFO", "LOG_LEVEL", description="How much our own log says."
    )


#: Settings whose value is never shown.
SECRET_OPTIONS = frozenset(name for name, field in Options.model_fields.items() if "SecretStr" in str(field.annotation))


def option_names(field: str) -> tuple[str, ...]:
    """The environment variables a setting is read from, the preferred one first."""
    alias = Options.model_fields[field].validation_alias
    assert isinstance(alias, AliasChoices)
    return tuple(str(choice) for choice in alias.choices)


def toml_name(field: str) -> str:
    """The key of a setting in eventscope.toml: "retention" for EVENTSCOPE_RETENTION, "port" for PORT."""
    return option_names(field)[0].lower().removeprefix("eventscope_")

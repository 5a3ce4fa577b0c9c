"""
Options: every setting of Eventscope, validated and frozen. Collector and visualizer read the same ones.

A setting comes from the environment, from a file named by `<NAME>_FILE` (for secrets), from eventscope.toml, or
from its default, in this order. docs/settings.md is made from the descriptions here; a test holds it complete.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from collector.lib import setting_readers as read
from collector.lib.secret import Secret
from collector.models.alert_rule import DEFAULT_RULES, AlertRule, read_alert_rules
from collector.models.document import DocumentAddress, read_documents
from collector.models.json_mapping import JsonMapping, read_json_mappings
from collector.models.name_caps import CAPPED
from collector.models.resolution import DEFAULT_RESOLUTIONS, Resolution, read_resolutions
from collector.models.setting import Setting
from collector.models.setting import setting as _set


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Every setting; what each is stands in its description."""

    logs: tuple[str, ...] = _set(
        (), read.names, "EVENTSCOPE_LOGS", description="Log files to read: globs, separated by commas."
    )
    log_roots: tuple[str, ...] = _set(
        (),
        read.names,
        "EVENTSCOPE_LOG_ROOTS",
        description="Folders, separated by commas, into which symbolic links among the log files may lead, beside the "
        "folders of EVENTSCOPE_LOGS. Links to elsewhere are not read.",
    )
    hosts: tuple[str, ...] = _set(
        (),
        read.base_urls,
        "EVENTSCOPE_HOSTS",
        "HOPEIT_APPS_VISUALIZER_HOSTS",
        description="Base URLs of the servers whose config is polled, separated by commas. "
        "Configs are merged in this order.",
    )
    harp: tuple[str, ...] = _set(
        (),
        read.base_urls,
        "EVENTSCOPE_HARP",
        description="Base URLs of the dashboards of HARP proxies, separated by commas; name:password@ where one asks "
        "for a sign-in. What they tell is counted instead of what their logs tell (docs/harp.md).",
    )
    asyncapi: tuple[DocumentAddress, ...] = _set(
        (),
        read_documents,
        "EVENTSCOPE_ASYNCAPI",
        description="AsyncAPI documents to read: paths or URLs of JSON, separated by commas; `<app key>=` before one "
        "says which app it is about (docs/documents.md).",
    )
    openapi: tuple[DocumentAddress, ...] = _set(
        (),
        read_documents,
        "EVENTSCOPE_OPENAPI",
        description="OpenAPI documents to read, in the same way.",
    )
    celery: tuple[Secret, ...] = _set(
        (),
        read.secret_urls(("redis", "rediss", "amqp", "amqps"), options="ssl_"),
        "EVENTSCOPE_CELERY",
        description="URLs of the brokers whose Celery workers are watched, such as redis://host:6379/0, separated by "
        "commas (docs/celery.md).",
    )
    celery_events: str = _set(
        "as_found",
        read.one_of(("as_found", "enable")),
        "EVENTSCOPE_CELERY_EVENTS",
        description="enable: turn on the events of Celery workers that send none. Default: they stay as they are.",
    )
    read_from: str = _set(
        "beginning",
        read.one_of(("beginning", "end")),
        "EVENTSCOPE_READ_FROM",
        description="Where reading a file begins that was never seen before: beginning or end.",
    )
    retention_s: float = _set(
        1095 * 86400.0,
        read.seconds,
        "EVENTSCOPE_RETENTION",
        description="How long counts, configs and topologies are kept at most: a number and s, m, h, d or w.",
    )
    history: tuple[Resolution, ...] = _set(
        DEFAULT_RESOLUTIONS,
        read_resolutions,
        "EVENTSCOPE_HISTORY",
        description="How wide the buckets of history are and how long such are kept, separated by commas, 1s and 10s "
        "first, each a multiple of the one before and kept for longer; in eventscope.toml the table [history] "
        "(docs/history.md). Widths hold from the first start on.",
    )
    most_names: tuple[str, ...] = _set(
        (),
        read.numbers_by_name(CAPPED),
        "EVENTSCOPE_MOST_NAMES",
        description="How many names are kept apart; what is beyond is counted as one. Such as apps=2000, "
        "events=100000, app_events=2000, streams=5000, queues=200, consumer_groups=200, servers=20000, "
        "processes=1000, the defaults.",
    )
    hide_after_s: float = _set(
        7 * 86400.0,
        read.seconds,
        "EVENTSCOPE_HIDE_AFTER",
        description="When an app is hidden that no line and no host has named: a number and s, m, h, d or w.",
    )
    host_id: str = _set(
        "",
        read.matching(r"[^\s\x00-\x1f]{0,128}", "at most 128 characters without spaces"),
        "EVENTSCOPE_HOST_ID",
        description="Name of this machine in file ids. Default: the machine id, else one kept in the data folder.",
    )
    hopeit_version: str = _set(
        "",
        read.matching(r"(\d+([.x]\d+)*)?", "a version such as 0.30"),
        "EVENTSCOPE_HOPEIT_VERSION",
        description="Version in the path of hopeit's config endpoint, such as 0.30. Default: found by itself.",
    )
    poll_interval_s: float = _set(
        10.0, read.seconds, "EVENTSCOPE_POLL_INTERVAL", description="How often each host's config is asked for."
    )
    brokers: tuple[Secret, ...] = _set(
        (),
        read.secret_urls(("redis", "rediss", "unix"), options="ssl_"),
        "EVENTSCOPE_BROKERS",
        description="URLs of the Redis or Valkey servers whose streams are looked at, separated by commas: how much "
        "waits, who is stuck, when a stream overflows (docs/brokers.md). A user that may read suffices.",
    )
    applications: tuple[str, ...] = _set(
        (
            "log_files",
            "hopeit",
            "json_lines",
            "otlp_json",
            "harp",
            "config_manager",
            "broker_redis",
            "harp_proxy",
            "asyncapi",
            "openapi",
            "celery",
            "store",
        ),
        read.names,
        "EVENTSCOPE_APPLICATIONS",
        description="The collector's applications that are switched on.",
    )
    formats: tuple[str, ...] = _set(
        (),
        read.pairs("glob", "format"),
        "EVENTSCOPE_FORMATS",
        description="Which format reads which files, where it should not be recognised: glob=format, separated by "
        "commas; in eventscope.toml the table [formats]. The first glob that matches decides; * matches / too.",
    )
    log_time_zone: str = _set(
        "",
        read.time_zone,
        "EVENTSCOPE_LOG_TIME_ZONE",
        description="Zone of time stamps that tell none, such as Europe/Berlin. Default: this machine's.",
    )
    json_lines: tuple[JsonMapping, ...] = _set(
        (),
        read_json_mappings,
        "EVENTSCOPE_JSON_LINES",
        description="Where JSON lines of your own shape have their fields: [[json_lines.mappings]] in eventscope.toml "
        "(docs/formats.md), or the same as JSON text.",
    )
    lint: tuple[str, ...] = _set(
        (),
        read.names_in_table("accept"),
        "EVENTSCOPE_LINT",
        description="Findings of the linter that are meant, separated by commas: rule or rule:what, * for anything; in "
        "eventscope.toml `accept` in the table [lint] (docs/lint.md).",
    )
    alerts: tuple[AlertRule, ...] = _set(
        DEFAULT_RULES,
        read_alert_rules,
        "EVENTSCOPE_ALERTS",
        description="When people are told: [[alerts.rules]] in eventscope.toml (docs/alerts.md), or the same as JSON "
        "text, beside the rules that are on from the start.",
    )
    alert_webhooks: tuple[Secret, ...] = _set(
        (),
        read.secret_addresses("http", "https"),
        "EVENTSCOPE_ALERT_WEBHOOKS",
        description="Addresses, separated by commas, to which incidents are sent as CloudEvents.",
    )
    alert_apprise: tuple[Secret, ...] = _set(
        (),
        read.secret_addresses(),
        "EVENTSCOPE_ALERT_APPRISE",
        description="Apprise addresses, separated by commas, to which incidents are sent: mailto://, slack://, "
        "ntfy:// … (pip install 'eventscope[alerts]').",
    )
    base_url: str = _set(
        "http://localhost:8000",
        read.base_url,
        "EVENTSCOPE_BASE_URL",
        description="Address of this page as people reach it, for links in notifications.",
    )
    data_dir: Path = _set(
        Path(".eventscope"),
        read.folder,
        "EVENTSCOPE_DATA_DIR",
        description="Folder for the database, secrets and the embedded Valkey.",
    )
    port: int = _set(8000, read.integer(1, 65535), "PORT", description="Port of the page, on 127.0.0.1.")
    web_server: str = _set(
        "daphne",
        read.one_of(("daphne", "uvicorn")),
        "EVENTSCOPE_WEB_SERVER",
        description="What serves the page: daphne, or uvicorn (pip install 'eventscope[uvicorn]') for more than 500 "
        "open pages.",
    )
    most_sockets: int = _set(
        3000,
        read.integer(1, 100_000),
        "EVENTSCOPE_MOST_SOCKETS",
        description="Live pages that one web process serves; more are refused.",
    )
    most_sockets_of_user: int = _set(
        300,
        read.integer(1, 100_000),
        "EVENTSCOPE_MOST_SOCKETS_OF_USER",
        description="The same of one account, in one web process.",
    )
    redis_url: Secret | None = _set(
        None,
        read.secret_url("redis", "rediss", "unix"),
        "REDIS_URL",
        description="Redis or Valkey to use. Default: an embedded Valkey, started by `make up`.",
    )
    allow_eviction: str = _set(
        "no",
        read.one_of(("no", "yes")),
        "EVENTSCOPE_ALLOW_EVICTION",
        description="yes: use a Redis whose maxmemory-policy may throw batches away; what it throws away is read "
        "again, again and again. Default: reading is paused until the policy is noeviction.",
    )
    database_url: Secret | None = _set(
        None,
        read.secret_url(),
        "DATABASE_URL",
        description="SQL database. Default: SQLite in the data folder.",
    )
    celery_broker_url: Secret | None = _set(
        None,
        read.secret_url(),
        "CELERY_BROKER_URL",
        description="Broker of the jobs, never a Redis Cluster. Default: the Redis above.",
    )
    secret_key: Secret | None = _set(
        None, read.secret, "SECRET_KEY", description="Signs sessions. Default: random, kept in the data folder."
    )
    allowed_hosts: tuple[str, ...] = _set(
        ("localhost", "127.0.0.1", "[::1]"),
        read.host_names,
        "ALLOWED_HOSTS",
        description="Host names under which the page may be asked for. * is refused.",
    )
    csrf_trusted_origins: tuple[str, ...] = _set(
        (),
        read.base_urls,
        "CSRF_TRUSTED_ORIGINS",
        description="Origins, with https://, of a proxy in front of the page.",
    )
    metrics_token: Secret | None = _set(
        None,
        read.secret,
        "EVENTSCOPE_METRICS_TOKEN",
        description="Bearer token for /metrics from elsewhere than loopback.",
    )
    otlp_token: Secret | None = _set(
        None,
        read.secret,
        "EVENTSCOPE_OTLP_TOKEN",
        description="Bearer token for /v1/traces and /v1/logs from elsewhere than loopback.",
    )
    log_level: str = _set(
        "INFO",
        read.one_of(("DEBUG", "INFO", "WARNING", "ERROR")),
        "LOG_LEVEL",
        description="How much our own log says.",
    )


#: All of them, in the order of the page.
SETTINGS = tuple(Setting(field=option.name, type=str(option.type), **option.metadata) for option in fields(Options))

"""
JsonShape: where lines of one kind of JSON logger have their fields. The known ones, and those of eventscope.toml.

A path is dotted, "event.action". It finds {"event.action": …} and {"event": {"action": …}}: ECS loggers write both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from collector.models.json_mapping import JsonMapping

#: Tell where a line is counted: alike in many lines.
ROUTE_ROLES = (
    "level",
    "app",
    "version",
    "event",
    "phase",
    "status",
    "stream",
    "queue",
    "group",
    "host",
    "pid",
    "logger",
)
#: Differ in each line. Role → milliseconds of its unit.
DURATION_MS = {"duration_ms": 1.0, "duration_s": 1000.0, "duration_ns": 1e-6}

#: A dotted path, or exact keys from the outside in where a field is written in one way only.
Path = str | tuple[str, ...]

#: What people put beside a message with loggers that give no names to such things; always at the top.
_EXTRAS: Mapping[str, tuple[str, ...]] = {
    "app": ("service.name", "service", "app"),
    "version": ("version",),
    "event": ("event_name", "event.action", "action"),
    "phase": ("phase",),
    "status": ("outcome", "event.outcome", "status"),
    "duration_ms": ("duration_ms",),
    "duration_s": ("duration_s",),
    "duration_ns": ("duration_ns",),
    "stream": ("stream",),
    "queue": ("queue",),
    "group": ("consumer_group",),
    "request_id": ("request_id", "trace_id", "correlation_id"),
    "operation_id": ("operation_id", "span_id"),
    "message_id": ("message_id",),
    "host": ("host", "hostname"),
    "pid": ("pid",),
    "error": ("error",),
}


def _inside(*outer: str) -> dict[str, tuple[Path, ...]]:
    return {role: tuple((*outer, name) for name in names) for role, names in _EXTRAS.items()}


@dataclass(frozen=True, slots=True)
class JsonShape:
    """One kind of lines."""

    #: "ecs".
    name: str
    #: Paths of which a line of this shape has at least one.
    marks: tuple[Path, ...]
    #: Role → paths; the first that a line has counts.
    paths: Mapping[str, tuple[Path, ...]]
    #: Role → value of every line.
    constants: Mapping[str, str] = field(default_factory=dict)
    #: Word, in lower case → one of PHASES, beside the common words.
    words: Mapping[str, str] = field(default_factory=dict)
    #: Zone of time stamps that tell none; "" for the one of the settings.
    time_zone: str = ""


ECS = JsonShape(
    name="ecs",
    marks=("@timestamp",),
    paths={
        "time": ("@timestamp",),
        "level": ("log.level", "level"),
        "app": ("service.name",),
        "version": ("service.version",),
        "event": ("event.action",),
        "status": ("event.outcome",),
        "duration_ns": ("event.duration",),
        "stream": (("labels", "stream"),),
        "queue": (("labels", "queue"),),
        "group": (("labels", "consumer_group"),),
        "request_id": ("trace.id",),
        "operation_id": ("transaction.id", "span.id"),
        "message_id": (("labels", "message_id"),),
        "host": ("host.name",),
        "pid": ("process.pid",),
        "logger": ("log.logger",),
        "message": ("message",),
        "error": ("error.message",),
        "error_type": ("error.type",),
        "traceback": ("error.stack_trace",),
    },
)
_RECORD_TIME = ("record", "time", "timestamp")
LOGURU = JsonShape(
    name="loguru",
    marks=(_RECORD_TIME,),
    paths={
        **_inside("record", "extra"),
        "time": (_RECORD_TIME,),
        "level": (("record", "level", "name"),),
        "pid": (("record", "process", "id"),),
        "logger": (("record", "name"),),
        "message": (("record", "message"),),
        "error": (("record", "exception", "value"),),
        "error_type": (("record", "exception", "type"),),
        "traceback": (("text",),),
    },
)
PYTHON_JSON_LOGGER = JsonShape(
    name="python-json-logger",
    marks=("asctime", "levelname"),
    paths={
        **_inside(),
        "time": ("asctime", "timestamp"),
        "level": ("levelname",),
        "pid": ("pid", "process"),
        "logger": ("name",),
        "message": ("message",),
        "traceback": ("exc_info",),
    },
)
STRUCTLOG = JsonShape(
    name="structlog",
    marks=("timestamp",),
    paths={
        **_inside(),
        "time": ("timestamp",),
        "level": ("level",),
        "logger": ("logger",),
        # Its "event" is what other loggers call the message.
        "message": ("event",),
        "traceback": ("exception",),
    },
)
#: In the order in which a line is compared with them.
KNOWN_SHAPES = (ECS, LOGURU, PYTHON_JSON_LOGGER, STRUCTLOG)


def mapped_shape(mapping: JsonMapping) -> JsonShape:
    """The shape that a mapping tells."""
    paths = {role: (path,) for role, path in mapping.fields.items() if not path.startswith("=")}
    return JsonShape(
        name=mapping.name,
        marks=(mapping.field,) if mapping.field else paths["time"],
        paths=paths,
        constants={role: value[1:] for role, value in mapping.fields.items() if value.startswith("=")},
        words=mapping.words,
        time_zone=mapping.time_zone,
    )


def spellings(paths: Iterable[Path], leaves: Sequence[Path]) -> list[tuple[str, ...]]:
    """
    Every way in which the paths may stand in a line, as keys from the outside in: dotted, then nested.

    Args:
        leaves: paths of the shape that are values themselves: nothing is looked for inside them.
    """
    values = [leaf if isinstance(leaf, tuple) else (leaf,) for leaf in leaves]
    found: dict[tuple[str, ...], None] = {}
    for path in paths:
        if isinstance(path, tuple):
            found[path] = None
            continue
        found[path,] = None
        keys = tuple(path.split("."))
        if not any(keys[:end] in values for end in range(1, len(keys))):
            found[keys] = None
    return list(found)


def shown_path(path: Path) -> str:
    """For people."""
    return path if isinstance(path, str) else ".".join(path)

"""Finds applications by name: ours in a table, others through the entry-point group `eventscope.applications`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from collector.kernel.application import Application
from collector.models.errors import ApplicationError

ENTRY_POINT_GROUP = "eventscope.applications"
#: Ours are no entry points: Eventscope is run from a clone, not installed.
BUILT_IN: Mapping[str, str] = {
    "log_files": "collector.applications.sources.log_files.application:LogFiles",
    "config_manager": "collector.applications.sources.config_manager:ConfigManager",
    "broker_redis": "collector.applications.sources.broker_redis:BrokerRedis",
    "harp_proxy": "collector.applications.sources.harp_proxy.application:HarpProxySource",
    "asyncapi": "collector.applications.sources.asyncapi:AsyncApi",
    "openapi": "collector.applications.sources.openapi:OpenApi",
    "celery": "collector.applications.sources.celery_workers.application:CeleryWorkers",
    "hopeit": "collector.applications.formats.hopeit:Hopeit",
    "json_lines": "collector.applications.formats.json_lines:JsonLines",
    "harp": "collector.applications.formats.harp:Harp",
    "otlp_json": "collector.applications.formats.otlp_json:OtlpJson",
    "store": "collector.applications.sinks.store:Store",
}


def load_applications(names: Sequence[str]) -> list[Application]:
    """
    An instance of each, in the order given.

    Raises:
        ApplicationError: one is unknown, cannot be imported, or is no Application.
    """
    others = {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}
    if doubled := sorted(BUILT_IN.keys() & others.keys()):
        raise ApplicationError(f"an installed package brings an application of a built-in name: {', '.join(doubled)}")
    return [_load(name, others) for name in names]


def _load(name: str, others: Mapping[str, EntryPoint]) -> Application:
    if name not in BUILT_IN and name not in others:
        known = sorted(BUILT_IN.keys() | others.keys())
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        raise ApplicationError(f"unknown application {name!r}, {hint}")
    try:
        if name in BUILT_IN:
            module, _, attribute = BUILT_IN[name].partition(":")
            found = getattr(import_module(module), attribute)
        else:
            found = others[name].load()
    except (ImportError, AttributeError) as exc:
        raise ApplicationError(f"application {name!r} cannot be imported: {exc}") from exc
    if not (isinstance(found, type) and issubclass(found, Application)):
        raise ApplicationError(f"application {name!r}: expected a subclass of Application")
    if getattr(found, "name", None) != name:
        raise ApplicationError(f"application {name!r} calls itself {getattr(found, 'name', None)!r}")
    return found()

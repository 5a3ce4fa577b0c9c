"""The flow of `manage.py export_graph`: configs from files or the live store → graph → one of three formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector.models.activity import ActivityKey
from visualizer.core.declared_config import declared_config
from visualizer.core.graph_export import cytoscape_json, topology_json
from visualizer.core.hopeit_graph import hopeit_graph
from visualizer.core.observed_calls import Calls
from visualizer.core.runtime_config import effective_events, filter_apps, merge_configs, read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.io.config_file import read_config_file
from visualizer.models.node_id import STAGE_MARK, STANDARD
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.repo.host_answers import read_host_answers
from visualizer.repo.topology import read_calls, read_observed
from visualizer.resources import open_redis

JSON = "json"
CYTOSCAPE = "cytoscape"
HOPEIT = "hopeit"
FORMATS = (JSON, CYTOSCAPE, HOPEIT)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export, and how."""

    #: standard | expanded.
    view: str
    #: One of FORMATS.
    format: str
    #: Only apps whose name begins with it.
    app_prefix: str
    #: Only apps with a server whose url contains it.
    host_filter: str


@dataclass(frozen=True, slots=True)
class Export:
    """A graph, ready to be written."""

    #: JSON, not yet encoded.
    graph: dict[str, Any]
    #: What was left out, in words.
    warnings: tuple[str, ...]


def export_files(paths: Sequence[Path], options: ExportOptions) -> Export:
    """
    From answers on disk alone; joined in the order of the files.

    Raises:
        InvalidConfigFile: one of them cannot be read or is something else.
    """
    config = merge_configs(read_runtime_apps(read_config_file(path), source=str(path)) for path in paths)
    return _export(config, options)


def export_live(options: ExportOptions) -> Export:
    """
    From what is declared (Redis) and was seen (SQL) now.

    Raises:
        StoreUnavailable, redis.RedisError, django.db.DatabaseError: one of them does not answer.
    """
    with open_redis() as client:
        answers = read_host_answers(client)
    config = declared_config(answers, view=options.view, alive_only=options.format == HOPEIT)
    if options.format == HOPEIT:
        return _export(config, options)
    return _export(config, options, read_observed(), read_calls())


def _export(
    config: RuntimeConfig, options: ExportOptions, observed: Iterable[ActivityKey] = (), calls: Calls = ()
) -> Export:
    notes = _notes(config, options.view)
    filters = {"app_prefix": options.app_prefix, "host_filter": options.host_filter}
    if options.format == HOPEIT:
        graph, refused = hopeit_graph(filter_apps(config, **filters), view=options.view)
        return Export(graph, (*config.warnings, *notes, *refused))
    topology = build_topology(config, observed, calls, view=options.view, **filters)
    make = topology_json if options.format == JSON else cytoscape_json
    return Export(make(topology), (*topology.warnings, *notes))


def _notes(config: RuntimeConfig, view: str) -> tuple[str, ...]:
    """Files are asked for by people, and people mix them up."""
    if view == STANDARD and any(STAGE_MARK in key for key in effective_events(config)):
        return ("the answers list stages of events (expand_events=true): they belong to --view expanded",)
    return ()

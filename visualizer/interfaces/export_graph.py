"""The flow of `manage.py export_graph`: configs from files or the live store → graph → one of many formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector.models.activity import ActivityKey
from visualizer.core.declared_config import declared_config
from visualizer.core.graph_asyncapi import asyncapi_json
from visualizer.core.graph_dot import topology_dot
from visualizer.core.graph_export import cytoscape_json, only_app, topology_graphml, topology_json
from visualizer.core.graph_mermaid import mermaid_notes, topology_mermaid
from visualizer.core.graph_structurizr import structurizr_json
from visualizer.core.hopeit_graph import hopeit_graph
from visualizer.core.observed_calls import Calls
from visualizer.core.runtime_config import effective_events, filter_apps, merge_configs, read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.io.config_file import read_config_files
from visualizer.models.export_format import ASYNCAPI, HOPEIT, JSON
from visualizer.models.node_id import EXPANDED, STAGE_MARK, STANDARD
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.models.topology import Topology
from visualizer.repo.brokers import read_brokers
from visualizer.repo.host_answers import read_host_answers
from visualizer.repo.topology import read_calls, read_observed
from visualizer.resources import open_redis

#: Format → what makes it of a topology.
_MAKERS: dict[str, Callable[[Topology], dict[str, Any] | str]] = {
    JSON: topology_json,
    "cytoscape": cytoscape_json,
    "dot": topology_dot,
    "mermaid": topology_mermaid,
    "graphml": topology_graphml,
    "structurizr": structurizr_json,
}


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
    #: Only the app with this key; "" for all.
    app: str = ""

    @property
    def drawn_view(self) -> str:
        """A channel of AsyncAPI is what a queue is."""
        return EXPANDED if self.format == ASYNCAPI else self.view


@dataclass(frozen=True, slots=True)
class Export:
    """A graph, ready to be written."""

    #: As it is written.
    text: str
    #: What was left out, in words.
    warnings: tuple[str, ...]


def export_files(paths: Sequence[Path], options: ExportOptions) -> Export:
    """
    From answers on disk alone; joined in the order of the files.

    Raises:
        InvalidConfigFile: one of them cannot be read or is something else.
    """
    answers = zip(paths, read_config_files(paths), strict=True)
    config = merge_configs(read_runtime_apps(answer, source=str(path)) for path, answer in answers)
    return _export(config, options)


def export_live(options: ExportOptions) -> Export:
    """
    From what is declared (Redis) and was seen (SQL) now.

    Raises:
        StoreUnavailable, redis.RedisError, django.db.DatabaseError: one of them does not answer.
    """
    with open_redis() as client:
        answers = read_host_answers(client)
        streams = [stream for broker in read_brokers(client) for stream in broker.lasting]
    config = declared_config(answers, view=options.drawn_view, alive_only=options.format == HOPEIT)
    if options.format == HOPEIT:
        return _export(config, options)
    return _export(config, options, read_observed(), read_calls(), streams)


def _export(
    config: RuntimeConfig,
    options: ExportOptions,
    observed: Iterable[ActivityKey] = (),
    calls: Calls = (),
    streams: Iterable[str] = (),
) -> Export:
    notes = _notes(config, options.view)
    filters = {"app_prefix": options.app_prefix, "host_filter": options.host_filter}
    if options.format == HOPEIT:
        graph, refused = hopeit_graph(filter_apps(config, **filters), view=options.view)
        return Export(_encoded(graph), (*config.warnings, *notes, *refused))
    topology = build_topology(config, observed, calls, view=options.drawn_view, streams=streams, **filters)
    if options.app:
        topology = only_app(topology, options.app)
    made = _documents(topology, config, options) if options.format == ASYNCAPI else _MAKERS[options.format](topology)
    notes += mermaid_notes(topology) if options.format == "mermaid" else ()
    notes += () if made else ("no app reads or writes a stream: there is nothing to document",)
    return Export(made if isinstance(made, str) else _encoded(made), (*topology.warnings, *notes))


def _documents(topology: Topology, config: RuntimeConfig, options: ExportOptions) -> dict[str, Any]:
    """The one document there is, or several by app."""
    documents = asyncapi_json(topology, config)
    if options.app:
        documents = {key: document for key, document in documents.items() if key == options.app}
    return next(iter(documents.values())) if len(documents) == 1 else documents


def _encoded(graph: dict[str, Any]) -> str:
    return json.dumps(graph, indent=2)


def _notes(config: RuntimeConfig, view: str) -> tuple[str, ...]:
    """Files are asked for by people, and people mix them up."""
    if view == STANDARD and any(STAGE_MARK in key for key in effective_events(config)):
        return ("the answers list stages of events (expand_events=true): they belong to --view expanded",)
    return ()

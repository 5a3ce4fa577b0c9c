"""
The addresses of hopeit's own apps-visualizer and config-manager, answered from our store: same paths, parameters and
JSON (docs/from-hopeit.md). Nobody is asked for the sake of an answer, whatever hosts it names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import msgspec
import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.lib.clock import now_s
from collector.models.activity import Server
from collector.models.errors import StoreUnavailable
from collector.models.host import CONFIG_MANAGER, KNOWN_VERSIONS, HostAnswer
from visualizer.core.freshness import judge_freshness
from visualizer.core.hopeit_cluster import cluster_apps
from visualizer.core.hopeit_graph import hopeit_graph
from visualizer.core.hopeit_live import with_live_classes
from visualizer.core.hopeit_options import read_flag, read_hopeit_options, read_hosts
from visualizer.core.runtime_config import filter_apps, read_runtime_apps
from visualizer.core.untrusted import quoted
from visualizer.interfaces.api.access import MayRead
from visualizer.interfaces.api.problem import ApiProblem
from visualizer.interfaces.panel_facts import graph_address
from visualizer.models.api_token import READ_CONFIG
from visualizer.models.errors import BadParameter
from visualizer.models.hopeit_options import HopeitOptions
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.repo.host_answers import read_host_answers
from visualizer.repo.live_entries import read_live_entries
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis

#: How many problems are told beside an answer, and how much of each.
MAX_PROBLEMS, MAX_PROBLEM_CHARS = 5, 200
#: Hosts of an error that are named.
MAX_NAMED = 5

Made = Callable[[Mapping[str, str], list[HostAnswer]], Any]
View = Callable[[HttpRequest, str], HttpResponse]


def _answered(make: Made) -> View:
    """A view that answers what is made of the query and of what hosts declare; an error is hopeit's ErrorInfo."""

    @login_not_required
    @never_cache
    @wraps(make)
    def view(request: HttpRequest, version: str) -> HttpResponse:
        try:
            # Each of them tells configs.
            MayRead(READ_CONFIG)(request)
            if request.method not in ("GET", "HEAD"):
                return _error(405, "expected GET", {"Allow": "GET, HEAD"})
            answers = read_host_answers(shared_redis())
            versions = dict.fromkeys([*KNOWN_VERSIONS, *(one.api_version for one in answers if one.api_version)])
            if version not in versions:
                return _error(404, f"expected a version among {', '.join(versions)}, found {quoted(version)}")
            made = make(request.GET, [one for one in answers if one.source == CONFIG_MANAGER])
            return _json(made, headers=_freshness())
        except ApiProblem as exc:
            return _error(exc.status, exc.detail, exc.headers)
        except BadParameter as exc:
            return _error(400, str(exc))
        except (StoreUnavailable, redis.RedisError, DatabaseError):
            return _error(503, "Redis or the database does not answer", {"Retry-After": "5"})

    return view


@_answered
def events_graph(query: Mapping[str, str], answers: list[HostAnswer]) -> dict[str, Any]:
    """What is declared, as hopeit's visualizer draws it."""
    options = read_hopeit_options(query)
    cluster = cluster_apps(answers, expanded=options.expanded_view)
    return _result(cluster, _graph(_config(cluster), options), options)


@_answered
def live_stats(query: Mapping[str, str], answers: list[HostAnswer]) -> dict[str, Any]:
    """The same with the classes of what ran in the last minute."""
    options = read_hopeit_options(query)
    cluster = cluster_apps(answers, expanded=options.expanded_view)
    config = _config(cluster)
    servers = {
        Server(server.host_name, server.pid)
        for app in config.apps
        for server in app.servers
        if options.host_filter in server.url
    }
    entries = read_live_entries(servers, now_s=now_s())
    graph = with_live_classes(_graph(config, options), entries, view=options.view)
    return _result(cluster, graph, options)


@_answered
def cluster_config(query: Mapping[str, str], answers: list[HostAnswer]) -> dict[str, Any]:
    """RuntimeApps of ?hosts=, all of which must be polled."""
    hosts, expanded = read_hosts(query), read_flag(query, "expand_events")
    by_url = {answer.url: answer for answer in answers}
    unknown = [quoted(url) for url in hosts if url not in by_url]
    if unknown:
        more = f" and {len(unknown) - MAX_NAMED} more" if len(unknown) > MAX_NAMED else ""
        raise BadParameter(
            "hosts: expected some of EVENTSCOPE_HOSTS, as nobody else is asked; found "
            f"{', '.join(unknown[:MAX_NAMED])}{more}"
        )
    return cluster_apps([by_url[url] for url in hosts], expanded=expanded)


@require_safe
@never_cache
def open_page(request: HttpRequest) -> HttpResponse:
    """The graph page with the view of hopeit's: apps by a part of their name, hosts by a part of their URL."""
    try:
        options = read_hopeit_options(request.GET)
    except BadParameter as exc:
        return _error(400, str(exc))
    # The find language has no way to write a quotation mark.
    asked = {"app": options.app_prefix, "host": options.host_filter}
    terms = [f'{field}~"{text.replace(chr(34), "")}"' for field, text in asked.items() if text]
    state = {"view": options.view} if options.expanded_view else {}
    state |= {"find": " and ".join(terms), "as": "only"} if terms else {}
    # A page that is told nothing shows what runs.
    state |= {"paused": "1"} if request.GET.get("live") and not options.live else {}
    return HttpResponseRedirect(graph_address(**state).removesuffix("?"))


def _config(cluster: dict[str, Any]) -> RuntimeConfig:
    return read_runtime_apps(cluster, source="cluster")


def _graph(config: RuntimeConfig, options: HopeitOptions) -> dict[str, Any]:
    shown = filter_apps(config, app_prefix=options.app_prefix, host_filter=options.host_filter)
    return hopeit_graph(shown, view=options.view, mended=True)[0]


def _result(cluster: dict[str, Any], graph: dict[str, Any], options: HopeitOptions) -> dict[str, Any]:
    """hopeit's EventsGraphResult."""
    return {"runtime_apps": cluster, "graph": {"data": graph}, "options": options}


def _freshness() -> dict[str, str]:
    """What the JSON has no place for: how far behind it is, and why."""
    fresh = judge_freshness(read_watch(shared_redis()), now_s())
    headers = {} if fresh.behind_s is None else {"Eventscope-Behind": f"{fresh.behind_s:.1f}"}
    problems = [_ascii(problem)[:MAX_PROBLEM_CHARS] for problem in fresh.problems[:MAX_PROBLEMS]]
    return headers | ({"Eventscope-Problems": " | ".join(problems)} if problems else {})


def _ascii(text: str) -> str:
    """Without what no header may hold."""
    return re.sub(r"[^ -~]", "?", text)


def _error(status: int, text: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """hopeit's ErrorInfo."""
    return _json({"msg": text, "tb": []}, status=status, headers=headers)


def _json(content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    text = msgspec.json.encode(content)
    return HttpResponse(text, content_type="application/json", status=status, headers=dict(headers or {}))

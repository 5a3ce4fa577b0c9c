"""The parameters of hopeit's addresses, from a query; the words for each that is not what hopeit's own scripts send."""

from __future__ import annotations

from collections.abc import Mapping

from visualizer.core.untrusted import quoted
from visualizer.models.errors import BadParameter
from visualizer.models.hopeit_options import HopeitOptions

#: Longest filter; a name or a URL is shorter.
MAX_FILTER_CHARS = 256
#: Most hosts named at once.
MOST_HOSTS = 200
_FLAGS = {"": False, "false": False, "true": True}


def read_hopeit_options(query: Mapping[str, str]) -> HopeitOptions:
    """
    app_prefix, host_filter, expanded_view, live; each may be missing.

    Raises:
        BadParameter: one of them is something else.
    """
    return HopeitOptions(
        app_prefix=_read_filter(query, "app_prefix"),
        host_filter=_read_filter(query, "host_filter"),
        expanded_view=read_flag(query, "expanded_view"),
        live=read_flag(query, "live"),
    )


def read_flag(query: Mapping[str, str], name: str) -> bool:
    """
    true or false, in whatever letters; false when it is missing.

    Raises:
        BadParameter: it is something else.
    """
    value = query.get(name, "")
    if value.lower() not in _FLAGS:
        raise BadParameter(f"{name}: expected true or false, found {quoted(value)}")
    return _FLAGS[value.lower()]


def read_hosts(query: Mapping[str, str]) -> list[str]:
    """
    The base URLs of `hosts`, each once, without a slash at the end.

    Raises:
        BadParameter: it is missing, empty or far too long.
    """
    hosts = list(dict.fromkeys(url.strip().rstrip("/") for url in query.get("hosts", "").split(",") if url.strip()))
    if not hosts:
        raise BadParameter("hosts: expected base URLs separated by commas, such as http://10.0.0.5:8020")
    if len(hosts) > MOST_HOSTS:
        raise BadParameter(f"hosts: expected at most {MOST_HOSTS}, found {len(hosts)}")
    return hosts


def _read_filter(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if len(value) > MAX_FILTER_CHARS:
        raise BadParameter(f"{name}: expected at most {MAX_FILTER_CHARS} characters, found {len(value)}")
    return value

"""Arguments that several commands take, so that they mean the same everywhere."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandParser

from visualizer.models.node_id import STANDARD, VIEWS


def add_config_files(parser: CommandParser, *, which: str = "") -> None:
    """Files in place of the live store; `which` says more of what is to be given."""
    parser.add_argument(
        "--config",
        nargs="+",
        action="extend",
        type=Path,
        default=[],
        metavar="FILE",
        help="hopeit's app files, answers of runtime-apps-config or cluster-apps-config, AsyncAPI and OpenAPI "
        f"documents (JSON), joined in this order{which}; neither server nor Redis nor database is needed. "
        "Default: the live store",
    )


def add_view(parser: CommandParser) -> None:
    """Which view is meant, and which apps of it."""
    parser.add_argument(
        "--view",
        choices=VIEWS,
        default=STANDARD,
        help="standard: a stream is one node; expanded: a node per queue and stage, from answers with "
        "expand_events=true",
    )
    parser.add_argument("--app-prefix", default="", metavar="P", help="only apps whose name begins with P")


def add_output(parser: CommandParser) -> None:
    """Where output.py writes."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")

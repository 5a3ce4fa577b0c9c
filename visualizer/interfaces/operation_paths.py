"""The path of an operation out of SQL, by any of its ids: for the graph page and the API."""

from __future__ import annotations

from visualizer.core.operation_path import find_path
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.models.operation import OperationPath
from visualizer.repo.operations import find_requests, read_entries
from visualizer.repo.text_column import cut

#: Longer ones are nobody's.
MAX_ID_CHARS = 128
#: Other requests of the same id are told, so many.
_MOST_OTHERS = 7


def read_path(any_id: str, facts: PanelFacts) -> OperationPath | None:
    """
    The request that an id stands for; None where nothing was kept of it.

    Args:
        any_id: of the request, of one of its operations, or of a message.
        facts: panel_facts.read_facts(view); without edges nobody knows what follows from what.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    asked = cut(any_id.strip(), MAX_ID_CHARS)
    found = find_requests(asked) if asked else []
    if not found:
        return None
    entries, is_cut = read_entries(found[0])
    hops = find_path(entries, facts.edges, view=facts.view)
    others = tuple(found[1 : 1 + _MOST_OTHERS])
    return OperationPath(request_id=found[0], hops=hops, is_cut=is_cut, others=others)

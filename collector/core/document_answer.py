"""The state of a document after it was read, or could not be."""

from __future__ import annotations

from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from collector.core.host_answer import state_answer
from collector.core.lean_document import lean_document
from collector.models.document import DocumentAddress, document_fault, json_fault
from collector.models.errors import HostProblem
from collector.models.host import ALIVE, ERROR, HostAnswer


def read_lean(text: bytes, *, kind: str, app_key: str, key: bytes) -> dict[str, object]:
    """
    What is kept of a document.

    Args:
        key: secret of this installation, see lean_document.

    Raises:
        HostProblem: it is none; the message says where, what was expected and what came.
    """
    try:
        document = msgspec.json.decode(text)
    except RecursionError:
        raise HostProblem("expected JSON that is nested less deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise HostProblem(json_fault(text)) from None
    if fault := document_fault(document, kind=kind):
        raise HostProblem(fault)
    return lean_document(document, app_key=app_key, key=key)


def document_answer(
    address: DocumentAddress,
    *,
    kind: str,
    position: int,
    before: HostAnswer | None,
    at_s: float,
    reason: str = "",
    lean: dict[str, object] | None = None,
) -> HostAnswer:
    """
    The new state. While a document cannot be read, what it said last stays.

    Args:
        reason: why it could not be read; "" when it was.
        lean: what it says now; None when that is what it said before.
    """
    status = ERROR if reason else ALIVE
    answer = state_answer(before, url=address.shown, position=position, status=status, reason=reason, at_s=at_s)
    answer.source = kind
    if lean is not None:
        content = blake2b(msgspec.json.encode(lean), digest_size=16).hexdigest()
        return replace(answer, standard=lean, content_hash=content)
    if before is None:
        return answer
    return replace(answer, standard=before.standard, content_hash=before.content_hash)

"""
Documents in which apps are described for others: AsyncAPI and OpenAPI. A source keeps what the graph needs of one as
the `standard` of a HostAnswer whose `source` is one of these names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from collector.lib.setting_readers import names

ASYNCAPI = "asyncapi"
OPENAPI = "openapi"
#: Names of the sources, which are those of the settings, too.
DOCUMENT_KINDS = (ASYNCAPI, OPENAPI)

#: Our own words in a document; docs/documents.md says what they are for.
APP_KEY = "x-app-key"
ACCEPT = "x-accept"
EVENT = "x-event"
EVENT_TYPE = "x-event-type"
STREAM = "x-stream"
QUEUE = "x-queue"
CONSUMER_GROUP = "x-consumer-group"
#: At the root of an OpenAPI document: "operationId" names events by it, and not by method and path.
EVENTS = "x-events"


@dataclass(frozen=True, slots=True)
class DocumentAddress:
    """Where a document is, as configured; as text it holds no secret."""

    #: A path, or a URL with everything that may be secret in it.
    address: str = field(repr=False)
    #: The app it is about, where its title and version do not tell: "billing.1.4.2"; "" for those.
    app_key: str = ""

    @property
    def is_url(self) -> bool:
        """Is it fetched, not opened?"""
        return self.address.startswith(("http://", "https://"))

    @property
    def shown(self) -> str:
        """The address without user and password, and with nothing but the names of what is asked in it."""
        if not self.is_url:
            return self.address
        parts = urlsplit(self.address)
        asked = "&".join(f"{pair.partition('=')[0]}=***" if "=" in pair else "***" for pair in parts.query.split("&"))
        netloc = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=netloc, query=asked if parts.query else "", fragment=""))

    def __str__(self) -> str:
        return f"{self.app_key}={self.shown}" if self.app_key else self.shown


#: `=` behind a name that is neither a path nor a URL.
_ADDRESS = re.compile(r"(?:([^=/:\s]+(?: [^=/:\s]+)*)=)?(\S.*)", re.DOTALL)


def read_documents(value: Any) -> tuple[DocumentAddress, ...]:
    """Paths and URLs separated by commas, or a list of them, each with `<app key>=` before it or without."""
    found = []
    for number, text in enumerate(names(value), start=1):
        match = _ADDRESS.fullmatch(text)
        one = DocumentAddress(match[2].strip(), match[1] or "") if match else None
        if one is None or "\0" in text or not (one.is_url or "://" not in one.address) or not _is_whole(one):
            raise ValueError(f"expected paths or http(s) URLs separated by commas; broken: number {number}")
        found.append(one)
    if len({one.shown for one in found}) < len(found):
        raise ValueError("expected different documents; two have the same address, but for what is asked in it")
    return tuple(found)


def _is_whole(one: DocumentAddress) -> bool:
    try:
        return not one.is_url or bool(urlsplit(one.address).hostname and urlsplit(one.address).port != 0)
    except ValueError:
        return False


#: The name of the version at the root → which versions are read, for machines and for people.
_VERSIONS = {
    "asyncapi": (re.compile(r"[23]\.\d{1,3}(\..{0,32})?"), "2.x or 3.x"),
    "openapi": (re.compile(r"3\.[0-2](\..{0,32})?"), "3.0, 3.1 or 3.2"),
    "swagger": (re.compile(r"2\.0"), "2.0"),
}
_ROOTS = {ASYNCAPI: ("asyncapi",), OPENAPI: ("openapi", "swagger")}
_YAML = re.compile(rb"\s*(#.*\s+|---\s+)*[\"']?(asyncapi|openapi|swagger|info)[\"']?\s*:")


def document_root(document: object) -> str:
    """asyncapi, openapi or swagger; "" for what is none. Documents by app, as we export them, are one of AsyncAPI."""
    if not isinstance(document, dict):
        return ""
    if root := next((name for name in _VERSIONS if name in document), ""):
        return root
    is_export = document and all(isinstance(one, dict) and ASYNCAPI in one for one in document.values())
    return ASYNCAPI if is_export else ""


def document_fault(document: object, *, kind: str = "") -> str:
    """
    Why it cannot be read: where, what was expected, and what came; "" when it can.

    Args:
        kind: one of DOCUMENT_KINDS; "" for either.
    """
    root = document_root(document)
    roots = _ROOTS.get(kind, tuple(_VERSIONS))
    if not root:
        return f"#: expected an object with {' or '.join(roots)} in it, came something else"
    if root not in roots:
        other = next(name for name, of in _ROOTS.items() if root in of)
        return f"#/{root}: expected {' or '.join(roots)}; this document belongs into EVENTSCOPE_{other.upper()}"
    for pointer, one in _documents(document, root):
        pattern, expected = _VERSIONS[root]
        version = one[root]
        if not isinstance(version, str) or not pattern.fullmatch(version):
            came = ascii(version[:40]) if isinstance(version, str) else "no text"
            return f"{pointer}/{root}: expected version {expected}, came {came}"
    return ""


def json_fault(text: bytes) -> str:
    """Why a text that is no JSON is none, as far as its first bytes tell."""
    if _YAML.match(text[:4096]):
        return "expected JSON, came YAML: convert it, for example with yq -o=json"
    return "expected JSON, came something else"


def _documents(document: Any, root: str) -> list[tuple[str, dict[str, Any]]]:
    if root in document:
        return [("#", document)]
    return [(f"#/{ascii(key[:80])[1:-1]}", one) for key, one in document.items()]

"""asyncapi: reads AsyncAPI documents 2.x and 3.x."""

from __future__ import annotations

from collector.applications.document_source import DocumentSource


class AsyncApi(DocumentSource):
    """EVENTSCOPE_ASYNCAPI names the documents."""

    name = "asyncapi"
    first_position = 1_000_000

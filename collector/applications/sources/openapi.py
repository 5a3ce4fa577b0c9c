"""openapi: reads OpenAPI documents 2.0 and 3.x."""

from __future__ import annotations

from collector.applications.document_source import DocumentSource


class OpenApi(DocumentSource):
    """EVENTSCOPE_OPENAPI names the documents."""

    name = "openapi"
    first_position = 2_000_000

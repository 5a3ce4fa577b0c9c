"""The formats the graph can be saved in."""

from __future__ import annotations

from dataclasses import dataclass

JSON = "json"
HOPEIT = "hopeit"
ASYNCAPI = "asyncapi"


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One of the formats."""

    #: End of a file's name.
    suffix: str
    #: Of the download.
    media_type: str
    #: For people.
    about: str


FORMATS = {
    JSON: ExportFormat("json", "application/json", "Eventscope's own"),
    "cytoscape": ExportFormat("cyjs", "application/json", "for Cytoscape and networkx"),
    HOPEIT: ExportFormat("json", "application/json", "the map that hopeit's visualizer has under graph.data"),
    "dot": ExportFormat("dot", "text/vnd.graphviz", "for graphviz"),
    "mermaid": ExportFormat("mmd", "text/vnd.mermaid", "a flowchart for Markdown"),
    "graphml": ExportFormat("graphml", "application/xml", "for Gephi, yEd and networkx"),
    "structurizr": ExportFormat("json", "application/json", "a workspace of the C4 model"),
    ASYNCAPI: ExportFormat("json", "application/json", "AsyncAPI 3.0: an app's document, or those of several by key"),
}

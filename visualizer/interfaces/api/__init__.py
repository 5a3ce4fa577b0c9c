"""
The HTTP API, /api/v1, for scripts and machines (docs/api.md). `entrance` is all that a web process loads until somebody
asks: django-ninja, pydantic and what rests on them are 15 MiB.

`endpoints` has the API, `access` lets in, `problem` says what went wrong, `document` makes the OpenAPI document; the
other files are the endpoints. What is answered are the types of visualizer/models/api_answer.py and api_node.py.
"""

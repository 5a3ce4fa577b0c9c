"""
Does: where the world enters: pages and fragments, the socket and its hub, sign-in, the API, health and metrics, the
rollup's loop, Celery's tasks, `up` and the demo fleet. Flows read like a sentence: inputs first, core once, outputs
last.
Depends on: resources, config, repo, io, core, models.
Used by: urls, asgi, celery, management.
Public interface: the views named in urls.py, graph_socket.graph_socket, hub.Hub, sign_in.make_sign_in_link, task names.
"""

"""What daphne serves: pages by Django, the socket by Channels with Django's sessions and users."""

from __future__ import annotations

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")
pages = get_asgi_application()  # sets Django up: what follows may be imported after it only

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from visualizer.interfaces.body_limit import body_limit  # noqa: E402
from visualizer.interfaces.graph_socket import graph_socket, no_socket  # noqa: E402

# An ASGI application where Django's types expect a view: URLRouter takes both.
routes: list[tuple[str, Any]] = [("ws/graph", graph_socket), ("<path:_>", no_socket), ("", no_socket)]
sockets = [path(route, socket) for route, socket in routes]
application = ProtocolTypeRouter(
    {
        "http": body_limit(pages),
        "websocket": AuthMiddlewareStack(URLRouter(sockets)),
    }
)

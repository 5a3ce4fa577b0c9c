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

from collector.models.otlp_spool import is_receiving, spool_folder  # noqa: E402
from visualizer.config import read_options  # noqa: E402
from visualizer.interfaces.body_limit import body_limit  # noqa: E402
from visualizer.interfaces.graph_socket import graph_socket, no_socket  # noqa: E402
from visualizer.interfaces.otlp_receiver import ReceiverOptions, otlp_receiver, tell_people  # noqa: E402
from visualizer.io.otlp_spool import OtlpSpool  # noqa: E402

options = read_options()
receiver = otlp_receiver(
    body_limit(pages),
    OtlpSpool(spool_folder(options.data_dir)),
    ReceiverOptions(
        is_on=is_receiving(options),
        token=options.otlp_token,
        allowed_hosts=options.allowed_hosts,
        trusted_origins=options.csrf_trusted_origins,
    ),
    tell=tell_people,
)

# An ASGI application where Django's types expect a view: URLRouter takes both.
routes: list[tuple[str, Any]] = [("ws/graph", graph_socket), ("<path:_>", no_socket), ("", no_socket)]
sockets = [path(route, socket) for route, socket in routes]
application = ProtocolTypeRouter(
    {
        "http": receiver,
        "websocket": AuthMiddlewareStack(URLRouter(sockets)),
    }
)

"""What daphne or uvicorn serves: pages by Django, and the socket, for which one asks of Django's sessions and users."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")
pages = get_asgi_application()  # sets Django up: what follows may be imported after it only

from channels.routing import ProtocolTypeRouter  # noqa: E402

from collector.models.otlp_spool import is_receiving, spool_folder  # noqa: E402
from visualizer.config import read_options  # noqa: E402
from visualizer.interfaces.body_limit import body_limit  # noqa: E402
from visualizer.interfaces.graph_socket import graph_socket  # noqa: E402
from visualizer.interfaces.otlp_receiver import ReceiverOptions, otlp_receiver, tell_people  # noqa: E402
from visualizer.io.file_limit import raise_file_limit  # noqa: E402
from visualizer.io.otlp_spool import OtlpSpool  # noqa: E402

raise_file_limit()
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

application = ProtocolTypeRouter({"http": receiver, "websocket": graph_socket})

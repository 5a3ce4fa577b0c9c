"""What people see when a page fails: no traceback, and an id to look for in the log."""

from __future__ import annotations

import logging
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)


def page_failed(request: HttpRequest) -> HttpResponse:
    """The answer to an error of ours; Django logs the traceback right before."""
    error_id = token_hex(4)
    log.error("page_failed id=%s path=%s", error_id, ascii(request.path))
    return render(request, "500.html", {"error_id": error_id}, status=500)

"""What people see when a page fails: no traceback, and an id to look for in the log; and when the database is away."""

from __future__ import annotations

import logging
import sys
from secrets import token_hex

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)

#: A database that is started again answers within this, as a rule.
RETRY_AFTER_S = 5


def page_failed(request: HttpRequest) -> HttpResponse:
    """The answer to an error of ours; Django logs the traceback right before. 503 while the database is away."""
    error_id = token_hex(4)
    log.error("page_failed id=%s path=%s", error_id, ascii(request.path))
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        # Nobody can be looked up, so the page is drawn for nobody.
        response = render(request, "503.html", {"error_id": error_id, "user": AnonymousUser()}, status=503)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response
    return render(request, "500.html", {"error_id": error_id}, status=500)

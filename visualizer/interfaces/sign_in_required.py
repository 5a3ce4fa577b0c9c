"""Default deny: a view without @login_not_required answers signed-in people only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse


class SignInRequired(LoginRequiredMiddleware):
    """Django's own, with two differences: public views touch no session, and htmx is told to load the sign-in page."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if "HX-Request" not in request.headers:
            return super().handle_no_permission(request, view_func)
        # A redirect would be followed by htmx itself, and the sign-in page would be drawn into the panel.
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        query = QueryDict(mutable=True)
        query["next"] = f"{page.path or '/'}{'?' + page.query if page.query else ''}"
        return HttpResponse(status=204, headers={"HX-Redirect": f"{reverse('sign-in')}?{query.urlencode()}"})

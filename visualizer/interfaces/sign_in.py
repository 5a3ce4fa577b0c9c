"""
Signing in and out: by the one-time link that `make up` prints, or with user name and password.

The first link ever used makes the administrator and asks for a password; later ones sign the administrator in.
"""

from __future__ import annotations

import time

import redis
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from collector.models.errors import StoreUnavailable
from visualizer.models.errors import SignInRefused
from visualizer.repo import sign_in_attempts, sign_in_links
from visualizer.resources import shared_redis

BACKEND = "django.contrib.auth.backends.ModelBackend"
WRONG = gettext_noop("User name and password do not match.")
TOO_OFTEN = gettext_noop("Too many tries. Wait a minute, or use the link that `manage.py sign_in_link` prints.")


def make_sign_in_link() -> str:
    """The token of a fresh one-time link; it goes after /sign-in/."""
    return sign_in_links.make_link(timezone.now())


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form for user name and password."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    context = {"next": _next(request), "username": "", "error": ""}
    if request.method != "POST":
        return render(request, "sign_in.html", context)
    username, password = request.POST.get("username", ""), request.POST.get("password", "")
    client, address, now_s = _redis(), request.META["REMOTE_ADDR"], time.time()
    if not sign_in_attempts.may_try(client, account=username, address=address, now_s=now_s):
        return render(
            request, "sign_in.html", context | {"username": username, "error": gettext(TOO_OFTEN)}, status=429
        )
    user = authenticate(request, username=username, password=password)
    if user is None:
        return render(request, "sign_in.html", context | {"username": username, "error": gettext(WRONG)}, status=403)
    sign_in_attempts.forget_tries(client, account=username, address=address, now_s=now_s)
    login(request, user)
    return redirect(_next(request))


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: signs the administrator in, or makes one when there is no user yet."""
    if request.user.is_authenticated:
        return redirect("graph")
    try:
        sign_in_links.check_link(token, timezone.now())
        if not User.objects.exists():
            return _make_administrator(request, token)
        if request.method == "HEAD":  # looking at a link does not use it up
            return HttpResponse()
        _sign_in_administrator(request, token)
    except SignInRefused as exc:
        return render(request, "sign_in_refused.html", {"error": str(exc)}, status=403)
    return redirect("graph")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; its sockets close within seconds."""
    logout(request)
    return redirect("sign-in")


def _make_administrator(request: HttpRequest, token: str) -> HttpResponse:
    form: UserCreationForm[User] = UserCreationForm(request.POST or None, initial={"username": "admin"})
    if not form.is_valid():
        return render(request, "sign_in_first.html", {"form": form}, status=400 if form.is_bound else 200)
    with transaction.atomic():
        sign_in_links.use_link(token, timezone.now())
        user = form.save(commit=False)
        user.is_staff = user.is_superuser = True
        user.save()
    login(request, user, backend=BACKEND)
    return redirect("graph")


def _sign_in_administrator(request: HttpRequest, token: str) -> None:
    user = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if user is None:
        raise SignInRefused(
            gettext("There is no active administrator to sign in: `manage.py createsuperuser` makes one.")
        )
    sign_in_links.use_link(token, timezone.now())
    login(request, user, backend=BACKEND)


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: a path of this host, whatever was asked for."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return "/"


def _redis() -> redis.Redis | None:
    try:
        return shared_redis()
    except StoreUnavailable:
        return None

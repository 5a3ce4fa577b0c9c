"""`manage.py api_token`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.lib.setting_readers import seconds
from visualizer.models.api_token import READ_GRAPH, SCOPES, ApiToken
from visualizer.models.errors import TokenNameTaken
from visualizer.repo.api_tokens import make_token, read_tokens, revoke_token

#: Who forgets a token leaves it open for so long.
VALID_FOR = "90d"
MAX_DAYS = 3660
MAX_NAME_CHARS = 80


class Command(BaseCommand):
    help = (
        "Make, list and revoke the tokens with which scripts read the API (docs/api.md). Example: manage.py api_token "
        "create grafana --scope read:graph --valid-for 30d"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="create | list | revoke")
        create = verbs.add_parser("create", help="print a new token, once: only its hash is kept")
        create.add_argument("name", metavar="NAME", help="what it is for; no other token may have this name")
        scopes = "; ".join(f"{name}: {opens}" for name, opens in SCOPES.items())
        create.add_argument("--scope", nargs="+", choices=SCOPES, default=[READ_GRAPH], help=f"what it opens. {scopes}")
        create.add_argument("--valid-for", default=VALID_FOR, metavar="T", help=f"such as 1h, 30d; default {VALID_FOR}")
        verbs.add_parser("list", help="print what there is, never a token")
        revoke = verbs.add_parser("revoke", help="end a token; open streams of it end within 5 s")
        revoke.add_argument("name", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        {"create": self._create, "list": self._list, "revoke": self._revoke}[options["verb"]](options)

    def _create(self, options: dict[str, Any]) -> None:
        name = options["name"]
        if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_CHARS:
            raise CommandError(f"expected a name of 1 to {MAX_NAME_CHARS} printable characters", returncode=2)
        try:
            token = make_token(
                name,
                scopes=options["scope"],
                now=datetime.now(UTC),
                valid_for=_valid_for(options["valid_for"]),
            )
        except TokenNameTaken as exc:
            raise CommandError(str(exc), returncode=2) from exc
        self.stdout.write(token)
        self.stderr.write("It is shown this once. Send it as `Authorization: Bearer …`.")

    def _list(self, options: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        for token in read_tokens():
            self.stdout.write(_line(token, now))

    def _revoke(self, options: dict[str, Any]) -> None:
        if not revoke_token(options["name"]):
            raise CommandError(f"there is no token called {options['name'][:MAX_NAME_CHARS]!a}", returncode=2)
        self.stdout.write("Revoked.")


def _valid_for(text: str) -> timedelta:
    try:
        valid_s = seconds(text)
    except ValueError as exc:
        raise CommandError(f"--valid-for: {exc}", returncode=2) from None
    if not 0 < valid_s <= MAX_DAYS * 86400:
        raise CommandError(f"--valid-for: expected more than 0 and at most {MAX_DAYS} days", returncode=2)
    return timedelta(seconds=valid_s)


def _line(token: ApiToken, now: datetime) -> str:
    until = f"{'ended' if token.expires <= now else 'until'} {token.expires:%Y-%m-%d %H:%M} UTC"
    used = f"last used {token.last_used:%Y-%m-%d %H:%M} UTC" if token.last_used else "never used"
    return f"{token.name:<24}  {' '.join(sorted(token.scopes)):<34}  {until}, {used}"

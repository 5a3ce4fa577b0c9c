"""`manage.py makemessages`: Django's own, which also finds what scripts say by t("…") and tn("…", "…", count)."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """See docs/translating.md."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=t", "--keyword=tn:1,2"]

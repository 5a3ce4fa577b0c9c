"""Sends a message by Apprise: mail, chat, push, what its address says. An extra: pip install 'eventscope[alerts]'."""

from __future__ import annotations

import logging

from visualizer.models.errors import ChannelFailed

#: Severity → Apprise's word for it.
_KINDS = {"critical": "failure", "warning": "warning", "resolved": "success"}


def send_apprise(url: str, *, title: str, text: str, kind: str) -> None:
    """
    Send it as plain text.

    Args:
        kind: a severity, or "resolved".

    Raises:
        ChannelFailed: it was not taken, or Apprise is not there; the address is not in it, which may hold a password.
    """
    try:
        import apprise
    except ImportError:
        raise ChannelFailed("expected the extra 'alerts': pip install 'eventscope[alerts]'") from None
    # It quotes tokens that it does not take.
    logging.getLogger("apprise").disabled = True
    channel = apprise.Apprise()
    if not channel.add(url):
        raise ChannelFailed("expected an address that Apprise knows, such as mailto:// or slack://")
    sent = channel.notify(title=title, body=text, notify_type=_KINDS.get(kind, "info"), body_format="text")
    if not sent:
        raise ChannelFailed("expected the service to take it, it did not")

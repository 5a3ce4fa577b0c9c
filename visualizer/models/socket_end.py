"""Why a live page is not let in, or sent away: label values of /metrics."""

from __future__ import annotations

#: Before the handshake ends: not signed in, a page of others, no such view or address, no room for one more.
REFUSALS = ("stranger", "origin", "view", "full")
#: Close code → why: it said what nobody should, its session is over, it does not answer.
CLOSE_REASONS = {4400: "policy", 4401: "signed_out", 4408: "no_answer"}
CLOSINGS = tuple(CLOSE_REASONS.values())

"""The ids that follow a request through calls and streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """hopeit's track ids of one run."""

    #: Handed on to what is called, new for each stream message and service item.
    operation_id: str
    #: Handed on by calls and streams.
    request_id: str
    #: When the first request came.
    request_ts: datetime
    #: Who called, "" for nobody we know.
    client_app_key: str = ""
    client_event_name: str = ""

    def extras(self) -> list[tuple[str, object]]:
        """As they stand in a line."""
        caller = [("client_app_key", self.client_app_key), ("client_event_name", self.client_event_name)]
        pairs = [("operation_id", self.operation_id), *(pair for pair in caller if pair[1])]
        return [(f"track.{name}", value) for name, value in (*pairs, *self._request())]

    def headers(self, *, app_key: str, event: str) -> dict[str, str]:
        """For a call that this app and event make."""
        caller = {"Client-App-Key": app_key, "Client-Event-Name": event, "Operation-Id": self.operation_id}
        names = {"Request-Id": self.request_id, "Request-Ts": self.request_ts.isoformat()}
        return {f"X-Track-{name}": value for name, value in (caller | names).items()}

    def fields(self) -> dict[str, str]:
        """For a stream message."""
        return {name: str(value) for name, value in self._request()}

    def _request(self) -> list[tuple[str, str]]:
        return [("request_id", self.request_id), ("request_ts", self.request_ts.isoformat())]


def new_track() -> Track:
    """For what nobody asked for."""
    return Track(operation_id=str(uuid4()), request_id=str(uuid4()), request_ts=datetime.now(UTC))


def track_from_fields(fields: Mapping[str, str]) -> Track:
    """From a stream message."""
    request_ts = datetime.fromisoformat(fields["request_ts"])
    return replace(new_track(), request_id=fields["request_id"], request_ts=request_ts)


def track_from_headers(headers: Mapping[str, str]) -> Track:
    """From a request; whatever a header lacks is new."""
    track = new_track()
    try:
        request_ts = datetime.fromisoformat(headers.get("x-track-request-ts", track.request_ts.isoformat()))
    except ValueError:
        request_ts = track.request_ts
    return Track(
        operation_id=headers.get("x-track-operation-id", track.operation_id),
        request_id=headers.get("x-track-request-id", track.request_id),
        request_ts=request_ts,
        client_app_key=headers.get("x-track-client-app-key", ""),
        client_event_name=headers.get("x-track-client-event-name", ""),
    )

"""
Celery's side of a broker: asking its workers, and hearing their events. Both block, so they run in threads; nothing is
ever sent to a worker but questions, and `enable_events` where a setting asks for it.

Whoever does not watch Celery does not import this: Celery is a third of a collector's memory.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any

from celery import Celery
from celery.events import EventReceiver
from kombu import Connection, Consumer, Queue
from kombu.exceptions import KombuError
from redis.exceptions import AuthenticationError, RedisError

from collector.core.celery_event import read_celery_event, read_workers
from collector.io.connection_reason import connection_reason
from collector.models.celery_event import CeleryEvent, CeleryWorker
from collector.models.errors import HostProblem

log = logging.getLogger(__name__)
#: How long workers have for an answer.
ANSWER_S = 1.0
#: A broker that is silent for longer is not there, seconds.
SOCKET_TIMEOUT_S = 5.0
CONNECT_TIMEOUT_S = 3.0
#: How soon the thread notices that it is over, seconds.
LOOK_S = 0.5
#: Events that wait to be counted; more are dropped, and missed.
MAX_WAITING = 100_000
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 10.0


def ask_workers(url: str) -> dict[str, CeleryWorker]:
    """
    Node → what it answers. Blocks for some seconds at most.

    Raises:
        HostProblem: the broker cannot be asked; the text holds no part of the URL.
    """
    with _connected(url) as (app, connection):
        inspect = app.control.inspect(timeout=ANSWER_S, connection=connection)
        # Not `active`, `reserved` and `scheduled`: those answers hold arguments.
        stats = inspect.stats()
        if not stats:
            return {}
        names = list(stats)
        asked = app.control.inspect(destination=names, timeout=ANSWER_S, limit=len(names), connection=connection)
        return read_workers(asked.registered(), asked.active_queues(), stats, asked.conf())


def enable_events(url: str, nodes: list[str]) -> None:
    """
    Have these workers send events of their tasks.

    Raises:
        HostProblem.
    """
    with _connected(url) as (app, connection):
        app.control.enable_events(destination=nodes, connection=connection)


class CeleryListener:
    """A thread that hears the events of a broker, until it is closed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._events: SimpleQueue[CeleryEvent] = SimpleQueue()
        self._is_over = threading.Event()
        #: Why nothing can be heard, in words; "" while it listens, or connects for the first time.
        self.problem = ""
        #: Events that found no room.
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="celery events", daemon=True)
        self._thread.start()

    def take(self) -> list[CeleryEvent]:
        """What came since the last time."""
        events: list[CeleryEvent] = []
        try:
            while len(events) < MAX_WAITING:
                events.append(self._events.get_nowait())
        except Empty:
            pass
        return events

    def close(self) -> None:
        """End the thread; blocks for a moment."""
        self._is_over.set()
        self._thread.join(timeout=2 * LOOK_S)

    def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._is_over.is_set():
            try:
                with _connected(self._url) as (app, connection):
                    # It is asked for the queue alone: it would move times by the sender's zone, which they do not have.
                    queue: Queue = EventReceiver(connection, app=app).queue  # type: ignore[attr-defined]
                    with Consumer(
                        connection.default_channel,
                        queues=[queue],
                        callbacks=[self._receive],
                        no_ack=True,
                        accept=["json"],
                        on_decode_error=_ignore,
                    ):
                        self.problem, pause_s = "", _FIRST_PAUSE_S
                        self._listen(connection)
            except HostProblem as problem:
                self.problem = str(problem)
            except Exception as exc:
                # A thread that ends says nothing any more, and nobody would know. Its words may hold the URL.
                where = traceback.extract_tb(exc.__traceback__)[-1]
                log.error("celery_events_failed: %s at %s:%d", type(exc).__name__, where.filename, where.lineno)
                self.problem = f"{type(exc).__name__}, which nobody expected; it is tried again"
            if self.problem:
                self._is_over.wait(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _listen(self, connection: Connection) -> None:
        while not self._is_over.is_set():
            try:
                connection.drain_events(timeout=LOOK_S)
            except TimeoutError:
                connection.heartbeat_check()

    def _receive(self, body: object, _message: Any) -> None:
        for raw in body if isinstance(body, list) else [body]:
            event = read_celery_event(raw)
            if event is not None and self._events.qsize() < MAX_WAITING:
                self._events.put(event)
            elif event is not None:
                self.dropped += 1


@contextmanager
def _connected(url: str) -> Iterator[tuple[Celery, Connection]]:
    """An app of its own, and its connection; what a broker does wrong becomes a HostProblem."""
    app = Celery("eventscope.watches", broker=url, set_as_current=False)
    app.conf.update(
        broker_connection_retry=False,
        broker_connection_timeout=CONNECT_TIMEOUT_S,
        broker_transport_options={
            "socket_timeout": SOCKET_TIMEOUT_S,
            "socket_connect_timeout": CONNECT_TIMEOUT_S,
            "max_retries": 0,
        },
    )
    errors: tuple[type[BaseException], ...] = (OSError, RedisError, KombuError)
    try:
        errors += _other_errors(app)
        with app.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=int(CONNECT_TIMEOUT_S))
            yield app, connection
    except errors as exc:
        raise HostProblem(_reason(exc)) from None
    finally:
        app.close()


def _other_errors(app: Celery) -> tuple[type[BaseException], ...]:
    """Those of other brokers' clients, which need not be installed."""
    try:
        connection = app.connection_for_read()
        return (*connection.connection_errors, *connection.channel_errors)
    except (ImportError, KeyError):
        return (ImportError, KeyError)
    except ValueError:
        raise HostProblem("its URL cannot be read, nor shown") from None


def _reason(exc: BaseException) -> str:
    if isinstance(exc, ImportError | KeyError):
        return "no client for this kind of broker is installed here"
    for cause in (exc, exc.__cause__, exc.__context__):
        if isinstance(cause, AuthenticationError):
            return "user or password are wrong"
    return connection_reason(exc) or "the broker does not answer"


def _ignore(_message: Any, _exc: Exception) -> None:
    """What cannot be read is no event."""

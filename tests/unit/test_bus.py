"""The bus: order, failures, stopping."""

from __future__ import annotations

from collector.kernel.bus import Bus, StopPropagation
from collector.kernel.events import HostDown, HostUp, ListenerFailed

DOWN = HostDown(url="http://a", reason="refused")


class Heard:
    """Listeners that write down what they hear."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.failures: list[ListenerFailed] = []

    def listener(self, name: str, error: Exception | None = None):  # type: ignore[no-untyped-def]
        async def listen(event: object) -> None:
            self.names.append(name)
            if error is not None:
                raise error

        return listen

    async def failed(self, event: ListenerFailed) -> None:
        self.failures.append(event)


async def test_higher_priority_hears_first_and_equals_in_order_of_coming() -> None:
    bus, heard = Bus(), Heard()
    for name, priority in (("a", 0), ("b", 0), ("first", 10), ("last", -1)):
        bus.listen(HostDown, heard.listener(name), priority=priority)
    await bus.publish(DOWN)
    assert heard.names == ["first", "a", "b", "last"]


async def test_only_listeners_of_exactly_this_class_hear_it() -> None:
    bus, heard = Bus(), Heard()
    bus.listen(HostUp, heard.listener("up"))
    await bus.publish(DOWN)
    assert heard.names == []


async def test_a_listener_that_raises_does_not_hide_the_event_and_is_told() -> None:
    bus, heard = Bus(), Heard()
    bus.listen(HostDown, heard.listener("broken", ValueError("no luck")))
    bus.listen(HostDown, heard.listener("next"))
    bus.listen(ListenerFailed, heard.failed)
    await bus.publish(DOWN)
    assert heard.names == ["broken", "next"]
    assert [(f.event, f.error) for f in heard.failures] == [("HostDown", "ValueError: no luck")]
    assert "listener" in heard.failures[0].listener


async def test_a_failing_listener_of_failures_does_not_go_round_for_ever() -> None:
    bus, heard = Bus(), Heard()
    bus.listen(HostDown, heard.listener("broken", ValueError()))
    bus.listen(ListenerFailed, heard.listener("also broken", ValueError()))
    await bus.publish(DOWN)
    assert heard.names == ["broken", "also broken"]


async def test_stop_propagation_hides_the_event_from_the_rest() -> None:
    bus, heard = Bus(), Heard()
    bus.listen(HostDown, heard.listener("stops", StopPropagation()))
    bus.listen(HostDown, heard.listener("never"))
    await bus.publish(DOWN)
    assert heard.names == ["stops"]


async def test_a_listener_can_stop_listening() -> None:
    bus, heard = Bus(), Heard()
    stop = bus.listen(HostDown, heard.listener("once"))
    await bus.publish(DOWN)
    stop()
    await bus.publish(DOWN)
    assert heard.names == ["once"]

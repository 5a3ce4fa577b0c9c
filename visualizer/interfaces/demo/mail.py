"""Mail: confirms what was ordered; writes newsletters in two steps; counts what it sent."""

from __future__ import annotations

import random

from visualizer.interfaces.demo.demo_app import DemoApp, DemoEvent, Payload, Run, Stream
from visualizer.interfaces.demo.mishap import Mishap

_dice = random.Random()  # noqa: S311 – it only makes traffic
_refused = Mishap(first_s=45, every_s=170)
_SENT = Stream(name="mail.sent")
_LETTERS = Stream(name="mail.1x4.newsletter.write_letters")


async def send_confirmation(run: Run, order: Payload) -> Payload:
    await run.pause(_dice.uniform(0.02, 0.12))
    if _refused.happens():
        raise ConnectionResetError(f"mail server hung up on the confirmation of {order['order']}")
    if _dice.random() < 0.3:
        # Declared nowhere: somebody has forgotten to, as somebody always does.
        await run.call("warehouse", "check_stock", f"product={order['product']}")
    await run.write({"about": order["order"]}, event_id=order["order"])
    return {}


async def write_letters(run: Run, newsletter: Payload) -> Payload:
    letters = max(1, min(5, int(newsletter.get("letters", 1))))
    for number in range(letters):
        await run.write({"letter": number})
    return {"letters": letters}


async def deliver(run: Run, letter: Payload) -> Payload:
    await run.pause(0.05)
    await run.write({"about": f"newsletter {letter['letter']}"})
    return {}


async def count_sent(run: Run, _mail: Payload) -> Payload:
    await run.pause(0.002)
    return {}


MAIL = DemoApp(
    name="mail",
    version="1.4",
    connections={"warehouse": "2.1"},
    events=(
        DemoEvent(
            name="send_confirmation",
            type="STREAM",
            handler=send_confirmation,
            reads=Stream(name="orders.placed", queues=("express", "AUTO")),
            writes=_SENT,
            timed=True,
        ),
        DemoEvent(
            name="newsletter",
            type="POST",
            handler=write_letters,
            writes=Stream(name=_LETTERS.name, strategy="PROPAGATE"),
            auth=("Unsecured",),
        ),
        DemoEvent(name="newsletter$deliver", type="STREAM", handler=deliver, reads=_LETTERS, writes=_SENT),
        DemoEvent(name="count_sent", type="STREAM", handler=count_sent, reads=_SENT),
    ),
)

"""The warehouse: says what is there, picks orders, packs them, slowly at times; a shelf is empty now and then."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

from visualizer.interfaces.demo.demo_app import DemoApp, DemoEvent, Payload, Run, Stream
from visualizer.interfaces.demo.mishap import Mishap, SlowSpell

_dice = random.Random()  # noqa: S311 – it only makes traffic
_empty_shelf = Mishap(first_s=20, every_s=80)
# 10 s in which packing takes longer than orders take to come: messages wait 2–5 s, and less again soon after.
_short_of_boxes = SlowSpell(first_s=12, every_s=60, lasts_s=10)
_RESTOCKED = Stream(name="stock.restocked")
_PLACED = Stream(name="orders.placed", queues=("express", "AUTO"))


async def check_stock(run: Run, query: Payload) -> Payload:
    await run.pause(_dice.lognormvariate(-4.6, 0.4))
    return {"product": query.get("product", ""), "left": _dice.randint(1, 40)}


async def pick_order(run: Run, order: Payload) -> Payload:
    await run.pause(_dice.lognormvariate(-3.2, 0.4))
    if _empty_shelf.happens():
        raise RuntimeError(f"cannot pick {order['order']}: shelf of {order['product']} is empty | row=3")
    await run.write({"order": order["order"]}, event_id=order["order"])
    return {}


async def pack_order(run: Run, _order: Payload) -> Payload:
    await run.pause(_dice.uniform(1.3, 1.7) if _short_of_boxes.lasts() else _dice.uniform(0.02, 0.12))
    return {}


async def audit_order(run: Run, _order: Payload) -> Payload:
    await run.pause(0.003)
    return {}


async def deliveries() -> AsyncIterator[Payload]:
    while True:
        await asyncio.sleep(_dice.uniform(1.5, 2.5))
        yield {"product": _dice.choice(["lamp", "chair", "table"]), "pieces": _dice.randint(5, 40)}


async def restock(run: Run, delivery: Payload) -> Payload:
    await run.write(delivery)
    return {}


async def count_stock(run: Run, _delivery: Payload) -> Payload:
    await run.pause(0.005)
    return {}


WAREHOUSE = DemoApp(
    name="warehouse",
    version="2.1",
    events=(
        DemoEvent(name="check_stock", type="GET", handler=check_stock, auth=("Unsecured",)),
        DemoEvent(
            name="pick_order",
            type="STREAM",
            handler=pick_order,
            reads=_PLACED,
            writes=Stream(name="orders.picked", strategy="PROPAGATE"),
            timed=True,
        ),
        DemoEvent(
            name="pack_order",
            type="STREAM",
            handler=pack_order,
            reads=Stream(name="orders.picked", queues=("express", "AUTO")),
            timed=True,
        ),
        DemoEvent(name="audit_order", type="STREAM", handler=audit_order, reads=_PLACED),
        DemoEvent(
            name="restock",
            type="SERVICE",
            handler=restock,
            items=deliveries,
            writes=_RESTOCKED,
        ),
        DemoEvent(name="count_stock", type="STREAM", handler=count_stock, reads=_RESTOCKED),
    ),
)

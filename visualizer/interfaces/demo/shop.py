"""The shop: people look, sign in and order."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from itertools import count

from visualizer.interfaces.demo.demo_app import (
    BadRequest,
    DemoApp,
    DemoEvent,
    NotAllowed,
    Payload,
    Run,
    Stream,
    event_path,
)
from visualizer.interfaces.demo.tiny_http import ask

_dice = random.Random()  # noqa: S311 – it only makes traffic
_orders = count(1)


async def browse_products(run: Run, _query: Payload) -> Payload:
    await run.pause(_dice.lognormvariate(-4.2, 0.5))
    return {"products": ["lamp", "chair", "table"]}


async def login(run: Run, query: Payload) -> Payload:
    await run.pause(0.04)
    if query.get("user") == "mallory":
        raise NotAllowed("wrong user or password")
    return {"user": query.get("user", "")}


async def place_order(run: Run, order: Payload) -> Payload:
    if not isinstance(order.get("amount"), int) or order["amount"] <= 0:
        raise BadRequest(f"amount: expected a number above 0, got {order.get('amount')!r}")
    number = f"o{next(_orders)}"
    stock = await run.call("warehouse", "check_stock", f"product={order['product']}")
    run.log("order placed", order=number, product=order["product"], left=stock["left"])
    await run.write({"order": number, **order}, event_id=number)
    return {"order": number}


async def visitors(urls: Mapping[str, str]) -> None:
    """People in front of the shop: each habit is a loop with pauses as people make them."""

    def url(event: str) -> str:
        return urls["shop"] + event_path("shop", "1.0", event)

    async def browse() -> None:
        await ask(url("browse_products"))

    async def sign_in() -> None:
        user = "mallory" if _dice.random() < 0.07 else _dice.choice(["ada", "grace", "linus"])
        secret = base64.b64encode(f"{user}:demo".encode()).decode()
        path = url("basic-auth/0x30/login")
        await ask(f"{path}?user={user}", headers={"Authorization": f"Basic {secret}"})

    async def order() -> None:
        event = "place_express_order" if _dice.random() < 0.25 else "place_order"
        amount = 0 if _dice.random() < 0.03 else _dice.randint(1, 3)
        body = {"product": _dice.choice(["lamp", "chair", "table"]), "amount": amount}
        await ask(url(event), method="POST", body=json.dumps(body).encode())

    async def read_newsletter() -> None:
        address = urls["mail"] + event_path("mail", "1.4", "newsletter")
        await ask(address, method="POST", body=json.dumps({"letters": _dice.randint(1, 3)}).encode())

    habits: list[tuple[float, Callable[[], Awaitable[None]]]]
    habits = [(0.35, browse), (3.5, sign_in), (1.1, order), (6.0, read_newsletter)]
    await asyncio.gather(*(_keep_up(pause_s, habit) for pause_s, habit in habits))


async def _keep_up(pause_s: float, habit: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(min(_dice.expovariate(1 / pause_s), 3 * pause_s))
        try:
            await habit()
        except (OSError, EOFError, ValueError, TimeoutError):
            continue  # a visitor finds the shop closed, and comes again


SHOP = DemoApp(
    name="shop",
    version="1.0",
    connections={"warehouse": "2.1"},
    visitors=visitors,
    events=(
        DemoEvent(name="login", type="GET", handler=login, plugin=True, auth=("Basic",)),
        DemoEvent(name="browse_products", type="GET", handler=browse_products, auth=("Unsecured",)),
        DemoEvent(
            name="place_order",
            type="POST",
            handler=place_order,
            writes=Stream(name="orders.placed"),
            calls=(("warehouse", "check_stock"),),
            auth=("Unsecured",),
        ),
        DemoEvent(
            name="place_express_order",
            type="POST",
            handler=place_order,
            writes=Stream(name="orders.placed", queues=("express",)),
            calls=(("warehouse", "check_stock"),),
            auth=("Unsecured",),
        ),
    ),
)

"""The page in a real browser without a server: our templates and files, and a socket the test speaks through."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation
from playwright.sync_api import ConsoleMessage, Dialog, Page

from tests.browser.still_server import StillAnswer, still_server
from tests.world import wait_until
from visualizer.interfaces.security_headers import policy
from visualizer.interfaces.static_files import StaticFiles

NONCE = "still-page"
#: Not before a socket is open: what is said before that is said to nobody.
SAY = """async (message) => {
  const frame = () => new Promise(requestAnimationFrame);
  const isOpen = () => fake.sockets.some(({ readyState }) => readyState === 1);
  for (const until = Date.now() + 120_000; !isOpen() && !fake.refuse && !fake.frozen; await frame())
    if (Date.now() > until) throw new Error("nobody listens");
  fake.say(message);
  await frame();
  await frame();
}"""
#: Until the socket has said its hello and that is drawn: what is said before it is open is said to nobody. Then until
#: every part of the page has begun.
DRAWN = """async (whole) => {
  const frame = () => new Promise(requestAnimationFrame);
  for (const until = Date.now() + 120_000; !fake.sockets.length && !fake.refuse && !fake.frozen; await frame())
    if (Date.now() > until) throw new Error("the page has opened no socket");
  await frame();
  await frame();
  const isPart = () => whole && !fake.refuse && !fake.frozen && !eventscope.isWhole();
  for (const until = Date.now() + 120_000; isPart(); await frame())
    if (Date.now() > until) throw new Error("the page is not whole");
}"""
#: The box of a node in page pixels; nothing while it is not there, or moves.
RESTING_BOX = """async (id) => {
  const box = () => {
    const found = globalThis.eventscope?.snapshot().nodes[id]?.box;
    if (!found) return null;
    const { x, y, scale } = eventscope.viewport(), stage = document.getElementById("stage").getBoundingClientRect();
    const [left, top, width, height] = found.map((each) => each * scale);
    return [stage.x + x + left, stage.y + y + top, width, height];
  };
  const before = box();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const after = box();
  return before && `${before}` === `${after}` ? after : null;
}"""
#: As the page's own script is let in: import() alone, by who has no nonce, is refused what no page has loaded.
TAKE = """([names, nonce]) => Promise.all(names.map((name) => new Promise((done, fail) => {
  const script = document.createElement("script"), told = { onload: () => done(), onerror: fail };
  document.head.append(Object.assign(script, { type: "module", src: `/static/js/${name}`, nonce, ...told }));
})))"""
#: What htmx says where the page asks for another panel before one has come, or a slow machine answers too late.
TAKEN_BACK = re.compile(r"htmx:(afterRequest|sendAbort|timeout)\b")
FAKE_SOCKET = Path(__file__).with_name("fake_socket.js").read_text()


def node_on_page(page: Page, node: str) -> tuple[float, float, float, float]:
    """The box of a node as it is drawn, once nothing moves it: left, top, width, height, page pixels."""
    left, top, width, height = wait_until(lambda: page.evaluate(RESTING_BOX, node))
    return left, top, width, height


def click_node(page: Page, node: str) -> None:
    """Click in the middle of a node on the canvas."""
    x, y, width, height = node_on_page(page, node)
    page.mouse.click(x + width / 2, y + height / 2)


class StillPage:
    """Opens graph.html and talks to it as the hub would."""

    def __init__(self, page: Page) -> None:
        self.page = page
        #: Errors the browser has printed, CSP violations among them.
        self.complaints: list[str] = []
        #: What the panel's address answers.
        self.panel = "<p>numbers</p>"
        #: What the linter's flags are.
        self.flags: dict[str, Any] = {"open": 0, "worst": "", "nodes": {}}
        #: What addresses of JSON answer: path → (status, what).
        self.told: dict[str, tuple[int, Any]] = {"/apps/beats": (200, {"apps": {}})}
        #: What it is written in.
        self.language = "en"
        #: What floats above the graph: address → markup.
        self.floating = {"/notices": "", "/apps/old": ""}
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._refuse)
        page.add_init_script(FAKE_SOCKET)
        self._origin = still_server().add(self._answer)

    @property
    def address(self) -> str:
        """Where the page is. `page.url` is where it was when Playwright last heard of it; who waits hears nothing."""
        return str(self.page.evaluate("location.href"))

    def open(
        self, query: str = "", *, hello: list[dict[str, Any]] | None = None, whole: bool = True, begins: bool = True
    ) -> StillPage:
        """
        Load the page and draw, the parts that come later included; every socket it opens first gets `hello`.

        Args:
            begins: its script comes; else nothing is waited for.
        """
        self.page.add_init_script(f"fake.hello = {json.dumps(hello or [])}")
        self.page.goto(f"{self._origin}/{query}")
        if begins:
            self.page.evaluate(DRAWN, whole)
        return self

    def reload(self) -> None:
        """Load the page anew and draw, as `open` does."""
        self.page.reload()
        self.page.evaluate(DRAWN, True)

    def open_modules(self) -> StillPage:
        """A page of nothing, from which a test may import modules that no page has loaded yet."""
        self.page.goto(f"{self._origin}/modules")
        return self

    def take(self, *modules: str) -> StillPage:
        """Let a test import these on the page, whose own copies of them are in its linked script."""
        self.page.evaluate(TAKE, [modules, NONCE])
        return self

    def say(self, message: dict[str, Any]) -> None:
        """The hub says something, and it is drawn."""
        self.page.evaluate(SAY, message)

    def set_beat(self, **fields: Any) -> None:
        """Change what the beats say."""
        self.page.evaluate("fields => Object.assign(fake.beat, fields)", fields)

    def snapshot(self) -> Any:
        """What the page holds."""
        return self.page.evaluate("eventscope.snapshot()")

    def chip(self) -> str:
        """What the freshness chip says."""
        return " ".join(self.page.locator("#chip").inner_text().split())

    def click_node(self, node: str) -> None:
        """Click in the middle of a node on the canvas."""
        click_node(self.page, node)

    def node_sides(self, node: str) -> tuple[float, float]:
        """Left and right side of a node, page pixels."""
        x, _, width, _ = node_on_page(self.page, node)
        return x, x + width

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not TAKEN_BACK.match(message.text):
            self.complaints.append(message.text)

    def _refuse(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _answer(self, path: str) -> StillAnswer:
        if path.startswith("/static/"):
            return static_file(path)
        if path == "/":
            return self._answer_page()
        if path == "/modules":
            return _fresh("<!doctype html><link rel=icon href=data:,>")
        if path.startswith(("/nodes/", "/edges/", "/drift/")):
            return _fresh(self.panel)
        if path.startswith("/lint/flags/"):
            return _fresh(json.dumps(self.flags), content_type="application/json")
        if path in self.told:
            status, what = self.told[path]
            return _fresh(json.dumps(what), content_type="application/json", status=status)
        if path in self.floating:
            return _fresh(self.floating[path])
        return _fresh("", status=404)

    def _answer_page(self) -> StillAnswer:
        # The bench imports this file before Django is set up, and that one needs its models.
        from visualizer.interfaces.pages import addresses

        request = RequestFactory().get("/")
        request.resolver_match = resolve("/")
        request.csp_nonce = NONCE  # type: ignore[attr-defined]
        request.user = SimpleNamespace(is_authenticated=True, get_username=lambda: "admin")  # type: ignore[assignment]
        with translation.override(self.language):
            html = render_to_string("graph.html", {"config": addresses()}, request=request)
        return _fresh(html, csp=policy(settings.SECURE_CSP, nonce=NONCE))


@cache
def static_file(path: str) -> StillAnswer:
    """One of ours or of htmx, as WhiteNoise serves it."""
    found = StaticFiles(lambda _: None).files.get(path)
    if found is None:
        return StillAnswer(status=404)
    response = found.get_response("GET", {"HTTP_ACCEPT_ENCODING": "gzip"})
    with response.file as file:
        return StillAnswer(file.read(), headers=dict(response.headers))


def _fresh(
    body: str, *, content_type: str = "text/html; charset=utf-8", status: int = 200, csp: str = ""
) -> StillAnswer:
    """Never from the browser's cache: tests change what is answered."""
    policies = {"Content-Security-Policy": csp} if csp else {}
    return StillAnswer(body, content_type, status, {"Cache-Control": "no-store", **policies})

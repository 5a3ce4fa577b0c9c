"""
The pictures of README.md and docs/, and those to look at before a release: `make screenshots` → screenshots/.

Everything shown is the running thing: the recorded session played live, the demo fleet, an Eventscope with nothing to
show. Only the picture of a thousand nodes has made-up numbers.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

# Before Django's settings are read: this process keeps its data in a folder of its own.
os.environ["EVENTSCOPE_DATA_DIR"] = tempfile.mkdtemp(prefix="eventscope-screenshots-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")

import django
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.live_page import LiveEventscope, live_eventscope, running
from tests.ports import own_port
from tests.told_files import many_files, tell_beat, tell_files, troubled_files
from tests.tools.ensure_browser import CHROMIUM_ARGS, chromium_path
from tests.tools.large_graph import large_snapshot
from tests.tools.replay_live import replay
from tests.world import ROOT, World, wait_until
from visualizer.models.beat import BEATS

FOLDER = ROOT / "screenshots"
DOCS = ROOT / "docs" / "images"
WIDE, PHONE, README, WALL = (1440, 900), (390, 844), (1680, 860), (1920, 1080)
#: A screen of WIDE at 200 %.
HALF = (720, 450)
#: Enough of a run for rates and states to settle.
SETTLE_S = 45
FULFIL = "orders_example.1x2.fulfil"
#: What the demo's slow consumer reads from.
SLOW = "%3Eorders.picked"


def main() -> None:
    django.setup()
    FOLDER.mkdir(exist_ok=True)
    DOCS.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix="eventscope-screenshots-"))
    migrated = World(temporary / "migrated")
    migrated.manage("migrate", "--verbosity=0")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
        take_recorded(browser, temporary / "recorded", migrated.sqlite)
        take_demo(browser, temporary / "demo", migrated.sqlite)
        take_empty(browser, temporary, migrated.sqlite)
        take_sources(browser, temporary / "sources", migrated.sqlite)
        take_sizes(browser)
        take_guides(browser)
        browser.close()
    shutil.rmtree(temporary, ignore_errors=True)
    for theme in ("light", "dark"):
        shutil.copy(FOLDER / f"readme-{theme}.png", DOCS / f"graph-{theme}.png")
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")


def take_recorded(browser: Browser, folder: Path, migrated: Path) -> None:
    """The recorded session, as if it ran now, and what a lost server looks like."""
    with live_eventscope(folder, migrated) as live, _playing(live.world.logs), _signed_in(browser, live) as page:
        time.sleep(SETTLE_S)
        for theme in ("light", "dark"):
            _take(page, live, f"recorded-{theme}", theme=theme)
            _take(page, live, f"recorded-queues-{theme}", "?view=expanded", theme=theme)
            _take(page, live, f"kiosk-{theme}", "?kiosk=1&every=60", theme=theme, size=WALL)
        _take(page, live, "recorded-one-app", "?app=orders_example.1x2")
        _take(page, live, "recorded-selected", f"?app=orders_example.1x2&node={FULFIL}")
        _take(page, live, "recorded-selected-dark", f"?app=orders_example.1x2&node={FULFIL}", theme="dark")
        _take(page, live, "phone", size=PHONE)
        _take(page, live, "phone-panel", f"?node={FULFIL}", theme="dark", size=PHONE)
        _take_page(page, f"{live.url}/apps", "apps")
        _take_page(page, f"{live.url}/hosts", "hosts")
        _open(page, live, f"?app=orders_example.1x2&node={FULFIL}", theme="light", size=WIDE)
        live.world.kill("web")
        page.wait_for_timeout(4000)
        page.screenshot(path=FOLDER / "disconnected.png")


def take_demo(browser: Browser, folder: Path, migrated: Path) -> None:
    """What `make up` shows first."""
    with running(World(folder, migrated=migrated), prepare=_start_demo) as live, _signed_in(browser, live) as page:
        time.sleep(SETTLE_S)
        for theme in ("light", "dark"):
            _take(page, live, f"demo-{theme}", theme=theme)
            _take(page, live, f"readme-{theme}", f"?node={SLOW}", theme=theme, size=README)
        _take(page, live, "demo-queues", "?view=expanded")
        _take(page, live, "demo-drift", "?show=drift")
        _take_page(page, f"{live.url}/sources", "demo-sources")


def take_empty(browser: Browser, folder: Path, migrated: Path) -> None:
    """Configs and no line; nothing at all; the sign-in page."""
    with live_eventscope(folder / "empty", migrated) as live, _signed_in(browser, live) as page:
        _take(page, live, "empty")
    world = World(folder / "nothing", migrated=migrated, EVENTSCOPE_LOGS="")
    with running(world) as live:
        page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]}, device_scale_factor=2)
        _take_page(page, f"{live.url}/sign-in", "sign-in")
        live.sign_in(page)
        page.locator(".empty").wait_for()
        page.screenshot(path=FOLDER / "not-configured.png")
        page.close()


def take_sources(browser: Browser, folder: Path, migrated: Path) -> None:
    """The page about sources: no file, a thousand of them as made-up collectors tell of them, three with troubles."""
    world = World(folder, migrated=migrated)
    try:
        client, port = world.start_valkey(), own_port()
        world.env["PORT"] = str(port)
        world.start_web(port)
        with _signed_in(browser, LiveEventscope(world, port=port)) as page:
            address = f"http://127.0.0.1:{port}/sources"
            tell_beat(client, patterns={"/var/log/apps/*/*.log": 0})
            _take_page(page, address, "sources-empty", theme="dark")
            tell_files(client, [*many_files(1000), *troubled_files()])
            for name, query, theme, size in (
                ("sources-light", "", "light", WIDE),
                ("sources-dark", "", "dark", WIDE),
                ("sources-lag", "?sort=lag", "light", WIDE),
                ("sources-problems", "?only=problems", "dark", WIDE),
                ("sources-phone", "", "light", PHONE),
                ("sources-phone-problems", "?only=problems", "dark", PHONE),
            ):
                tell_beat(client, files=1003, backlog_bytes=9_100_000, lines_total=18_204_113)
                _take_page(page, address + query, name, theme=theme, size=size)
        client.close()
    finally:
        world.close()


def take_sizes(browser: Browser) -> None:
    """From ten nodes to ten thousand; what the apps did before is made up, too."""
    from tests.browser.still_page import StillPage  # needs Django set up

    random = Random(5)
    for name, apps in (("10-nodes", 1), ("100-nodes", 9), ("1000-nodes", 92), ("10000-nodes", 909)):
        for theme in ("light", "dark"):
            page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]}, device_scale_factor=2)
            page.emulate_media(color_scheme=theme)
            still, snapshot = StillPage(page), large_snapshot(apps)
            beats = {app["key"]: made_up_beats(random) for app in snapshot["add"]["apps"]}
            still.told["/apps/beats"] = (200, {"apps": beats})
            still.open(hello=[snapshot])
            page.wait_for_timeout(1500)
            page.screenshot(path=FOLDER / f"{name}-{theme}.png")
            page.close()


def made_up_beats(random: Random) -> list[tuple[int, str]]:
    """Sixteen minutes of an app, mostly good ones."""
    return [(random.randint(60, 100), random.choices(["ok", "warn", "fail"], [40, 2, 1])[0]) for _ in range(BEATS)]


def take_guides(browser: Browser) -> None:
    """The menu, the keys, the tour, numbers on all lines, a healthy silence; forced colours; 200 %."""
    problem = ("#more", "#menu-tour", "ArrowRight", "ArrowRight")
    for name, size, keys in (
        ("menu", WIDE, ("#more",)),
        ("keys", WIDE, ("?",)),
        ("keys-phone", PHONE, ("?",)),
        ("tour", WIDE, problem),
        ("tour-phone", PHONE, problem),
        ("labels", WIDE, ("l",)),
        ("zoom-200", HALF, ("n",)),
    ):
        for theme in ("light", "dark"):
            _take_still(browser, f"{name}-{theme}", keys, size=size, color_scheme=theme)
            if name in ("menu", "tour"):
                _take_still(
                    browser, f"{name}-forced-{theme}", keys, size=size, color_scheme=theme, forced_colors="active"
                )


def _take_still(browser: Browser, name: str, keys: tuple[str, ...], *, size: tuple[int, int], **media: Any) -> None:
    """A page without a server after some keys and, where they begin with #, clicks."""
    from tests.browser.still_page import StillPage  # needs Django set up

    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, device_scale_factor=2, **media)
    StillPage(page).open(hello=[large_snapshot(4)])
    wait_until(lambda: page.evaluate("globalThis.eventscope?.snapshot().seq") == 1)
    for key in keys:
        if key.startswith("#"):
            page.locator(key).click()
        else:
            page.keyboard.press(key)
    page.wait_for_timeout(1000)
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


@contextmanager
def _playing(logs: Path) -> Iterator[None]:
    """The recorded session is played over and over until the block ends."""
    stop = Event()

    def play() -> None:
        while not stop.is_set():
            for _ in replay(logs, skip_s=8, stop=stop.is_set):
                pass

    thread = Thread(target=play)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _signed_in(browser: Browser, live: LiveEventscope) -> Iterator[Page]:
    context = browser.new_context(device_scale_factor=2)
    page = context.new_page()
    live.sign_in(page)
    yield page
    context.close()


def _start_demo(world: World) -> None:
    world.start("demo")
    fleet = world.data_dir / "demo" / "fleet.json"
    wait_until(fleet.exists)
    sources = json.loads(fleet.read_text("utf-8"))
    world.env |= {"EVENTSCOPE_LOGS": sources["logs"], "EVENTSCOPE_HOSTS": ",".join(sources["hosts"])}


def _take(
    page: Page, live: LiveEventscope, name: str, query: str = "", *, theme: str = "light", size: tuple[int, int] = WIDE
) -> None:
    _open(page, live, query, theme=theme, size=size)
    page.screenshot(path=FOLDER / f"{name}.png")


def _open(page: Page, live: LiveEventscope, query: str, *, theme: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(f"{live.url}/{query}")
    wait_until(lambda: page.evaluate("Object.keys(eventscope.snapshot().nodes).length") > 0)
    # The panel's first answer, and the numbers of the second after.
    page.wait_for_timeout(2500)


def _take_page(page: Page, url: str, name: str, *, theme: str = "light", size: tuple[int, int] = WIDE) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(url)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()

"""A live demo for each test, and people with browsers who visit it."""

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from support.databases import Databases, dispose
from support.visitor import WIDE, Judge, Visitor
from werkzeug.serving import make_server

WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
)
"""The pages that Chromium makes ready behind each window's address bar, which cost as much as the
window; and those of Playwright's own list that matter here, since only the last list counts."""

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
    f"--disable-features={','.join(WITHOUT)}",
]
"""No sandbox, since CI is root; nothing that calls its maker; nothing that moves by itself."""


expect.set_options(timeout=20_000)  # a busy machine is no fault of a page


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge()


@pytest.fixture
def demo(_open_databases: Callable[[str], Databases]) -> Iterator[Flask]:
    """The application on a database that holds the demo, as `lth run --demo` begins with it."""
    databases = _open_databases("sqlite")
    databases.copy("demo", "browser")
    app = databases.make_app("browser", LTH_DEMO="1", TESTING=False, WTF_CSRF_ENABLED=True)
    yield app
    dispose(app)


@pytest.fixture
def home(demo: Flask) -> Iterator[str]:
    """The address under which the demo is served on this machine."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, demo, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="live-demo")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visitor(browser: Browser, home: str, judge: Judge) -> Iterator[Callable[..., Visitor]]:
    """Open a window for one more person; keywords are those of a Playwright context."""
    contexts = []

    def open_window(**options: object) -> Visitor:
        context = browser.new_context(**{"locale": "vi-VN", "viewport": WIDE} | options)
        contexts.append(context)
        return Visitor(context, home, judge if options.get("java_script_enabled", True) else None)

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def enter(visitor: Callable[..., Visitor]) -> Callable[[str, str], Visitor]:
    """Have somebody sign in from the list of the demo's accounts."""

    def sign_in(who: str, unit: str) -> Visitor:
        return visitor().sign_in(who, unit)

    return sign_in

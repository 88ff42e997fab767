"""What every browser test has: a Chromium and a server of its file, and a tab whose errors are watched."""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import chromium
from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import PATIENCE, WIDE, Builder
from tests.e2e.scripts import write_scripts

MISSING: Final = "no Chromium on this machine: the browser tests did NOT run (NODELOOM_BROWSER_TESTS=require fails)"
NEVER: Final = r"(?!)"
SERVER_DOWN: Final = r"Failed to load resource|net::ERR|WebSocket|\[\S+/static/js/"
"""What a page reports while its server is away."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for the file. Not for the session: while it runs, this thread has an event loop."""
    if not chromium.installed():
        if chromium.required():
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    expect.set_options(timeout=PATIENCE)
    with chromium.chromium() as started:
        yield started


@contextmanager
def serving(folder: Path) -> Generator[App]:
    """A server on a new home in ``folder``, with the scripts in it."""
    write_scripts(folder / "home")
    started = App(folder / "home")
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The server of the file."""
    with serving(tmp_path_factory.mktemp("e2e")) as started:
        yield started


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[App]:
    """A server of the test's own, for one that is empty or gets killed."""
    with serving(tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def api(app: App, browser: Browser) -> Api:
    """The API of the file's server."""
    return signed_in(app, browser)


def signed_in(app: App, browser: Browser) -> Api:
    """The API with the token that the server gives to its pages: it comes with the canvas."""
    page = browser.new_page()
    with page.expect_request("**/api/kinds", timeout=PATIENCE) as asked:
        page.goto(app.url)
    token = asked.value.headers["authorization"].removeprefix("Bearer ")
    page.close()
    return Api(app.url, token)


@contextmanager
def tab(browser: Browser, app: App, *, expected: str = NEVER, **context: Any) -> Generator[Builder]:
    """A tab with an empty profile; only errors that match ``expected`` may show while it is open."""
    profile = browser.new_context(viewport=WIDE, **context)
    profile.set_default_timeout(PATIENCE)
    page = profile.new_page()
    errors = chromium.errors_of(page)
    try:
        yield Builder(page, app.url)
        assert [error for error in errors if not re.search(expected, error)] == []
    finally:
        profile.close()


@pytest.fixture
def builder(browser: Browser, app: App) -> Iterator[Builder]:
    """A tab whose errors fail the test."""
    with tab(browser, app) as opened:
        yield opened


@pytest.fixture
def new_tab(browser: Browser, app: App) -> Iterator[Callable[..., Builder]]:
    """Opens further tabs, each with an empty profile; their errors but ``expected`` ones fail the test too."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(tab(browser, app, **options))

"""A real Chromium: the system's where there is one, else Playwright's own."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Error, sync_playwright

FLAGS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def executable() -> str | None:
    """The path of a Chromium on this machine; None where Playwright's own is meant."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


def installed() -> bool:
    """Whether a Chromium can be started here."""
    if executable():
        return True
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def required() -> bool:
    """Whether a missing browser is a failure instead of a loud skip."""
    return os.environ.get("NODELOOM_BROWSER_TESTS") == "require"


@contextmanager
def chromium() -> Generator[Browser]:
    """A running browser with an empty profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS), headless=True)
        try:
            yield browser
        finally:
            browser.close()


def errors_of(page: Any) -> list[str]:
    """A list that fills with the page's uncaught errors and console errors as they happen."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(_words(message)) if message.type == "error" else None)
    return found


def _words(message: Any) -> str:
    """What the console says, and for which address."""
    return f"{message.text} [{message.location.get('url', '')}]"


__all__ = ["Error", "chromium", "errors_of", "executable", "installed", "required"]

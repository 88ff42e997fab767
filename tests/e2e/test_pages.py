"""Runs, Memory and Settings: they open, in light and dark, and show what is there."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder
from tests.e2e.conftest import tab
from tests.e2e.scripts import GREETING

pytestmark = pytest.mark.browser

PROBES = "/_stcore/(health|host-config)\\]$"
"""Where a page is opened by its own address, Streamlit first looks for its server below that, and logs the 404."""
LESSONS = ("Pandas eat bamboo for most of the day.", "A robe takes two bolts of blue fibre.", "Rome is in Italy.")


@pytest.fixture(scope="module")
def filled(api: Api) -> Api:
    """A home with one run and three memories."""
    api.put("/models/default", {"reference": "scripted:hello"})
    api.post(f"/workflows/{api.new(GREETING)}/runs", {"inputs": {"name": "Ada"}})
    api.put("/memory/spaces/lessons", {"description": "what was learnt"})
    for text in LESSONS:
        api.post("/memory/spaces/lessons/records", {"text": text})
    return api


@pytest.fixture(params=["light", "dark"])
def looker(request: pytest.FixtureRequest, browser: Browser, app: App, filled: Api) -> Iterator[Builder]:
    """A tab of a reader whose system is light, and one whose system is dark."""
    scheme: Literal["light", "dark"] = request.param
    with tab(browser, app, expected=PROBES, color_scheme=scheme) as opened:
        yield opened
        ground = opened.page.locator(".stApp").evaluate("each => getComputedStyle(each).backgroundColor")
        assert (sum(int(part) for part in ground[4:-1].split(",")[:3]) < 200) == (scheme == "dark"), ground


def test_runs_lists_what_ran(looker: Builder) -> None:
    """The run is in the list, with its number and state."""
    looker.page.goto(f"{looker.url}/runs")
    expect(looker.page.get_by_role("heading", name="Runs")).to_be_visible()
    expect(looker.page.get_by_text("r-0001").first).to_be_attached()


def test_memory_search_shows_the_four_parts(looker: Builder) -> None:
    """A search shows the nearest record first, and each hit's score split into its four parts."""
    page = looker.page
    page.goto(f"{looker.url}/memory")
    box = page.get_by_placeholder("Ask as a Recall node would")
    box.fill("What do pandas eat?")
    box.press("Enter")
    first = page.locator(".hit").first
    expect(first).to_contain_text(LESSONS[0])
    for part in ("similarity", "recency", "importance", "keyword"):
        expect(first.get_by_role("img")).to_have_attribute("aria-label", _has(part))
    expect(first.locator(".parts span")).to_have_count(4)


def _has(part: str) -> "re.Pattern[str]":
    return re.compile(rf"{part} \d\.\d\d")


def test_settings_shows_the_models(looker: Builder) -> None:
    """Settings says which model is the default and which providers there are."""
    looker.page.goto(f"{looker.url}/settings")
    expect(looker.page.get_by_role("combobox").first).to_have_value("scripted:hello")
    expect(looker.page.get_by_text("Anthropic", exact=False).first).to_be_visible()


def test_the_pages_lead_to_each_other(builder: Builder, filled: Api) -> None:
    """The navigation goes through all pages and back to the workflow that was open."""
    workflow = filled.new({**GREETING, "title": "The open one"})
    builder.open(workflow)
    for name in ("Runs", "Memory", "Settings"):
        builder.page.get_by_role("link", name=name).first.click()
        expect(builder.canvas).to_have_count(0)
    builder.page.get_by_role("link", name="Build").first.click()
    expect(builder.page.get_by_test_id("title")).to_have_value("The open one")

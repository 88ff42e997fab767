"""Does the structure pay? A template compared with its baselines from the gallery."""

import json
import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.app import App
from tests.e2e.conftest import tab
from tests.e2e.test_pages import PROBES

pytestmark = pytest.mark.browser
SLUG = "agent_forest"
REPLIES = [
    {"match": "(?s)^What do you want answered|^Question", "text": "It is 150. Answer: 150", "repeat": True},
    {"text": "I cannot tell. Answer: 150", "repeat": True},
]


def opened(page: Page, app: App) -> Locator:
    """The sheet of the template's baselines, from the gallery."""
    page.goto(f"{app.url}/gallery")
    page.get_by_test_id("gallery-search").fill("forest")
    page.get_by_test_id(f"card-{SLUG}").get_by_role("button").first.click()
    page.get_by_test_id("details").get_by_test_id("compare-baselines").click()
    return page.get_by_test_id("baselines")


def test_a_template_is_compared_in_one_click_and_the_result_stays(app: App, browser: Browser) -> None:
    """Counts, tokens and each run's trace; what was measured is there again later; a cancelled one says 'not run'."""
    (app.home / "scripts" / "forest.json").write_text(json.dumps({"name": "forest", "replies": REPLIES}))
    with tab(browser, app, expected=PROBES) as builder:
        page = builder.page
        sheet = opened(page, app)
        expect(sheet).to_contain_text("It was not compared here yet.")
        expect(sheet).to_contain_text("9 runs, at most 30,000 tokens")
        sheet.get_by_test_id("baselines-model").fill("scripted:forest")
        sheet.get_by_test_id("baselines-start").click()
        expect(sheet.get_by_test_id("baselines-status")).to_contain_text("all runs made")
        for side in ("workflow", "single-prompt", "lean-agent"):
            expect(sheet.get_by_test_id(f"side-{side}")).to_contain_text("1 of 3")
            expect(sheet.get_by_test_id(f"trial-{side}-0")).to_contain_text("solved")
            expect(sheet.get_by_test_id(f"trial-{side}-1")).to_contain_text("missed")
        expect(sheet.get_by_test_id("side-lean-agent")).to_contain_text("with Calculator, Python")
        sheet.get_by_test_id("trial-lean-agent-0").get_by_role("button").click()
        page.wait_for_url(re.compile("run="))
        expect(page.get_by_text("lean agent").first).to_be_visible()

        sheet = opened(page, app)
        expect(sheet.get_by_test_id("side-workflow")).to_contain_text("1 of 3")
        sheet.get_by_test_id("baselines-model").fill("scripted:slow")
        sheet.get_by_test_id("baselines-start").click()
        expect(sheet.get_by_test_id("trial-workflow-0")).to_contain_text("running")
        sheet.get_by_test_id("baselines-cancel").click()
        expect(sheet.get_by_test_id("baselines-status")).to_contain_text("cancelled")
        expect(sheet.get_by_test_id("side-workflow")).to_contain_text("1 stopped, 2 not run")
        expect(sheet.get_by_test_id("side-workflow")).not_to_contain_text("0 of")
        expect(sheet).to_contain_text("on scripted:forest")


def test_what_cannot_start_says_why(app: App, browser: Browser) -> None:
    """A model that is not there is refused in words, and nothing runs; Escape closes the sheet."""
    with tab(browser, app, expected=f"{PROBES}|422") as builder:
        sheet = opened(builder.page, app)
        sheet.get_by_test_id("baselines-model").fill("nobody:nothing")
        sheet.get_by_test_id("baselines-start").click()
        expect(sheet.get_by_role("alert")).to_contain_text("nobody")
        builder.page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)

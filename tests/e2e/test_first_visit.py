"""The first minutes: an empty home, a first run, a question, a stop, a spent budget."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder
from tests.e2e.conftest import tab
from tests.e2e.scripts import ASKING, GREETING

pytestmark = pytest.mark.browser


def test_an_empty_home_opens_a_workflow_that_runs(browser: Browser, fresh: App) -> None:
    """The first visit shows a ready workflow, a guiding note and three ways; the recorded one answers at once."""
    with tab(browser, fresh) as builder:
        builder.open()
        page = builder.page
        expect(page.get_by_test_id("title")).to_have_value("Maths tutor")
        expect(builder.node("guide")).to_contain_text("Press Run")
        ways = page.get_by_test_id("three-ways")
        expect(ways).to_contain_text("The recorded example")
        expect(ways).to_contain_text("One download of 1.1 GB")
        expect(ways).to_contain_text("A key or Ollama of your own")
        page.get_by_test_id("run-recorded").click()
        expect(page.get_by_test_id("answer")).to_have_text(re.compile(r"\d"))
        for id in ("recall", "plan", "solve", "critique", "finish"):
            builder.ends(id, "done")


def test_a_question_is_answered_in_place(builder: Builder, api: Api) -> None:
    """A run that asks waits, shows its question below, takes the answer there and goes on."""
    builder.open(api.new(ASKING))
    builder.page.get_by_test_id("run").click()
    expect(builder.page.get_by_test_id("ask")).to_contain_text("How shall Ada be greeted?")
    builder.ends("ask", "waiting")
    builder.page.get_by_test_id("ask-text").fill("With a bow.")
    builder.page.get_by_test_id("ask-send").click()
    expect(builder.page.get_by_test_id("answer")).to_have_text("With a bow.")
    builder.ends("finish", "done")


def test_a_question_survives_a_reload(builder: Builder, api: Api) -> None:
    """A reload while a run waits shows the question again."""
    builder.open(api.new(ASKING))
    builder.page.get_by_test_id("run").click()
    expect(builder.page.get_by_test_id("ask")).to_be_visible()
    builder.page.reload()
    builder.page.get_by_test_id("ask-text").fill("With a nod.")
    builder.page.get_by_test_id("ask-send").click()
    expect(builder.page.get_by_test_id("answer")).to_have_text("With a nod.")


def test_stop_ends_a_run(builder: Builder, api: Api) -> None:
    """Stop ends a run of a slow model at once, and the run says so."""
    api.put("/models/default", {"reference": "scripted:slow"})
    builder.open(api.new(GREETING))
    builder.page.get_by_test_id("run").click()
    builder.ends("greet", "running")
    expect(builder.node("greet").locator(".live")).to_contain_text("word")
    builder.page.get_by_test_id("stop").click()
    expect(builder.page.locator(".drawer")).to_contain_text("Stopped by you")
    expect(builder.page.get_by_test_id("run")).to_be_enabled()
    (run,) = api.get(f"/runs?workflow={builder.workflow}")["runs"]
    assert run["status"] == "stopped"


def test_a_spent_budget_can_be_raised(builder: Builder, api: Api) -> None:
    """A run that reaches its limit says which, keeps what it has, and finishes with the limit doubled."""
    api.put("/models/default", {"reference": "scripted:hello"})
    limited: dict[str, Any] = {**GREETING, "limits": {"steps": 2}}
    builder.open(api.new(limited))
    builder.page.get_by_test_id("run").click()
    expect(builder.page.locator(".after")).to_contain_text("Stopped at 2 steps")
    builder.ends("greet", "done")
    builder.page.get_by_test_id("raise").click()
    expect(builder.page.get_by_test_id("answer")).to_have_text("Hello there, Ada.")
    builder.ends("finish", "done")

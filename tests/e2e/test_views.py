"""What nodes show of their inner work: in the live panel while they run, in the trace afterwards."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.api import Api
from tests.e2e.builder import Builder
from tests.e2e.scripts import VIEWS

pytestmark = pytest.mark.browser


def test_views_show_live_and_in_the_trace(builder: Builder, api: Api) -> None:
    """A vote fills in ballot by ballot, a search grows, and all of it stands in the trace."""
    api.put("/models/default", {"reference": "scripted:views"})
    builder.open(api.new(VIEWS))
    builder.select("vote")
    page = builder.page
    page.get_by_test_id("tab-run").click()
    page.get_by_test_id("run").click()  # with the example, which is filled in
    _vote_fills_in(page.get_by_test_id("view-ballots"))
    builder.select("search")
    _search_grows(page.get_by_test_id("view-search"))
    builder.ends("finish", "done")
    builder.select("plan")
    expect(page.get_by_test_id("view-plan").locator(".v-step")).to_have_count(2)
    builder.select("refine")
    expect(page.get_by_test_id("view-refinement").locator("ins", has_text="86")).to_be_visible()
    page.get_by_test_id("open-trace").click()
    _stands_in_the_trace(builder)


def _vote_fills_in(ballots: Locator) -> None:
    """Ballots come in before there is a winner; in the end the majority has won."""
    expect(ballots.locator(".v-votes li").first).to_be_visible()
    expect(ballots.locator(".won")).to_have_attribute("data-choice", "86")
    expect(ballots.locator(".v-votes li")).to_have_count(3)


def _search_grows(search: Locator) -> None:
    """The tree is there while it is searched, and ends with a solution on the best path."""
    nodes = search.get_by_role("treeitem")
    expect(nodes).to_have_count(3)
    expect(search.locator("[data-status=solution]")).to_have_count(1)
    expect(search.locator(".v-node.best")).to_have_count(3)
    search.locator(".v-node.best").first.click()
    search.page.keyboard.press("ArrowRight")
    expect(search.locator("[aria-selected=true]")).to_have_attribute("aria-label", re.compile("Add 17 and 26"))


def _stands_in_the_trace(builder: Builder) -> None:
    page = builder.page
    expect(page.get_by_role("tree", name="Steps of the run")).to_be_visible()
    panel = page.locator("[data-panel]")
    for node, view in (
        ("Vote", "ballots"),
        ("Self-refine", "refinement"),
        ("Best-first search", "search"),
        ("Plan", "plan"),
    ):
        page.locator("[data-operation=invoke_node]", has_text=node).first.click()
        expect(panel.get_by_test_id(f"view-{view}")).to_be_visible()
    page.locator("[data-operation=invoke_node]", has_text="Best-first search").first.click()
    panel.get_by_label("Search, large").click()
    expect(page.get_by_role("dialog", name="Search").locator("[data-status=solution]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Search")).to_have_count(0)

"""From the gallery to a stranger's canvas: find by meaning, try, change, share as a picture, drop, read, run."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.conftest import serving, signed_in, tab
from tests.e2e.test_pages import PROBES

pytestmark = pytest.mark.browser

DROP = """([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
    const files = new DataTransfer()
    files.items.add(new File([bytes], name))
    const host = document.querySelector('[data-testid="stBidiComponentRegular"], [data-testid="stBidiComponent"]')
    const find = (root) => root.querySelector?.('.imports')
        ?? [...root.querySelectorAll('*')].map((each) => each.shadowRoot && find(each.shadowRoot)).find(Boolean)
    const target = find(document)
    const how = { dataTransfer: files, bubbles: true, composed: true, cancelable: true }
    for (const type of ['dragenter', 'dragover', 'drop']) target.dispatchEvent(new DragEvent(type, how))
}"""


def drop(page: Page, name: str, content: bytes) -> None:
    """Drop a file on the page, as a person does from their desktop."""
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])


def workflow_of(page: Page) -> str:
    """The id of the open workflow."""
    page.wait_for_url(re.compile(r"workflow="))
    return page.url.split("workflow=")[1].split("&")[0].split("#")[0]


def test_found_by_meaning_changed_shared_and_opened_elsewhere(
    app: App, api: Api, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A template is found in other words, opened with an example, changed, handed on as a picture; who drops the
    picture on a canvas of their own reads what it may do, and runs it."""
    with tab(browser, app, expected=PROBES) as builder:
        page = builder.page
        page.goto(f"{app.url}/gallery")
        page.get_by_test_id("gallery-search").fill("many answers are drawn and the most frequent one wins")
        expect(page.get_by_role("status")).to_contain_text("nearest in meaning first")
        expect(page.get_by_test_id("card-agent_forest")).to_be_visible()
        page.get_by_test_id("card-agent_forest").get_by_role("button").first.click()
        details = page.get_by_test_id("details")
        expect(details).to_contain_text("Systems like this one")
        example = details.get_by_test_id("example-0")
        said = example.inner_text()
        example.click()
        id = workflow_of(page)
        title = page.get_by_test_id("title")
        title.fill("My forest")
        title.press("Enter")
        expect(page.locator("[data-testid=save-state][data-sync=saved]")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_test_id("share").click()
        with page.expect_download() as downloaded:
            page.get_by_test_id("share-png").click()
        picture = downloaded.value.path().read_bytes()
        assert downloaded.value.suggested_filename == "my-forest.png"
        assert picture.startswith(b"\x89PNG")
    assert said
    assert api.document(id)["title"] == "My forest"
    with serving(tmp_path_factory.mktemp("elsewhere")) as other, tab(browser, other) as builder:
        page = builder.page
        page.goto(other.url)
        page.get_by_test_id("canvas").wait_for()
        drop(page, "my-forest.png", picture)
        sheet = page.get_by_test_id("permissions")
        expect(sheet).to_contain_text("Before “My forest” opens")
        expect(sheet).to_contain_text("Use your default model")
        before = workflow_of(page)
        sheet.get_by_test_id("import-open").click()
        expect(page.get_by_test_id("title")).to_have_value("My forest")
        assert workflow_of(page) != before
        theirs = signed_in(other, browser)
        assert theirs.document(workflow_of(page))["nodes"].keys() == api.document(id)["nodes"].keys()


def test_what_is_refused_does_not_run(app: App, api: Api, browser: Browser) -> None:
    """A host that is refused in the sheet marks its node, and the workflow cannot be run."""
    text = b"""
nodeloom: 1
title: Reads pages
outputs: {answer: {type: text}}
nodes:
  start: {kind: start, position: [0, 0]}
  work: {kind: agent, config: {prompt: What is new?}, position: [240, 0]}
  page: {kind: tool.web_fetch, config: {allowed_hosts: [news.example]}, position: [240, 240]}
  finish: {kind: finish, position: [520, 0]}
edges: {flow: [start -> work, work -> finish], data: [work.answer -> finish.answer], attach: [page -> work.tools]}
"""
    with tab(browser, app, expected=PROBES) as builder:
        page = builder.page
        page.goto(f"{app.url}/gallery")
        page.get_by_test_id("gallery").wait_for()
        drop(page, "reads.yaml", text)
        asked = page.get_by_test_id("permission-host:news.example")
        expect(asked).to_contain_text("Read pages of news.example.")
        asked.get_by_role("button", name="Refuse").click()
        expect(page.get_by_test_id("permissions")).to_contain_text(
            "It will not run as long as page would do what you refuse"
        )
        page.get_by_test_id("import-open").click()
        id = workflow_of(page)
        expect(page.get_by_role("button", name=re.compile("Check: 1 error"))).to_be_visible()
    refused = {each["key"]: each["refused"] for each in api.get(f"/workflows/{id}/permissions")["permissions"]}
    assert refused["host:news.example"]


def test_a_bad_file_is_refused_in_words_and_a_link_opens(app: App, api: Api, browser: Browser, tmp_path: Path) -> None:
    """A damaged picture says what is wrong; a link with a workflow asks before it opens, and goes from the address."""
    with tab(browser, app, expected=PROBES + "|422") as builder:
        page = builder.page
        page.goto(f"{app.url}/gallery")
        page.get_by_test_id("gallery").wait_for()
        drop(page, "cat.png", b"\x89PNG\r\n\x1a\n and no more")
        expect(page.get_by_test_id("import-problem")).to_contain_text("carries no workflow")
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("permissions")).to_have_count(0)
        id = api.new({"title": "By link", "nodes": {"start": {"kind": "start"}}})
        import urllib.request

        request = urllib.request.Request(
            f"{app.url}/api/workflows/{id}/share/link?address={app.url}",
            headers={"Authorization": f"Bearer {api.token}"},
        )
        link = urllib.request.urlopen(request, timeout=20).read().decode()
        page.goto(link)
        expect(page.get_by_test_id("permissions")).to_contain_text("Before “By link” opens")
        page.get_by_test_id("import-open").click()
        expect(page.get_by_test_id("title")).to_have_value("By link")
        assert "#" not in page.url


def test_filters_and_side_by_side(app: App, browser: Browser) -> None:
    """Filters narrow with true counts, by keyboard too; two templates stand beside each other."""
    with tab(browser, app, expected=PROBES) as builder:
        page = builder.page
        page.goto(f"{app.url}/gallery")
        cards = page.locator(".gcard")
        cards.first.wait_for()
        everything = cards.count()
        loop = page.get_by_role("checkbox", name=re.compile("Loop"))
        loop.focus()
        page.keyboard.press("Space")
        expect(cards).not_to_have_count(everything)
        shown = int(page.locator(".gcount b").inner_text())
        assert cards.count() == shown
        page.get_by_role("button", name="Clear").click()
        expect(cards).to_have_count(everything)
        page.get_by_role("button", name="Put RCI beside another").click()
        page.get_by_role("button", name="Put CodeAct beside another").click()
        sheet = page.get_by_test_id("side-by-side")
        expect(sheet).to_contain_text("RCI beside CodeAct")
        page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)

"""A run kept as a test from its page, and a recording dropped on the comparison, in a real Chromium."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import PATIENCE, Builder
from tests.e2e.conftest import tab
from tests.e2e.scripts import GREETING

pytestmark = pytest.mark.browser


@pytest.fixture
def builder(browser: Browser, app: App) -> Iterator[Builder]:
    """A tab whose errors fail the test; a file that is no recording is refused by the server."""
    with tab(browser, app, expected=r"/(runs|compare)/_stcore/|422.*/import/recording") as opened:
        yield opened


def ran(api: Api, name: str) -> str:
    """The number of a run that has ended."""
    started = api.post(
        f"/workflows/{api.new(GREETING)}/runs", {"inputs": {"name": name}, "model": "scripted:hello"}
    )  # fmt: skip
    for _ in range(200):
        run = api.get(f"/runs/{started['run_id']}")
        if run["status"] == "done":
            return str(run["number"])
        time.sleep(0.1)
    raise AssertionError(f"the run did not end: {run}")


def kept(builder: Builder, number: str, folder: Path) -> Path:
    """The file that "Keep as a test" saves."""
    page = builder.page
    page.goto(f"{builder.url}/runs?run={number}")
    button = page.get_by_test_id("keep-as-test")
    expect(button).to_be_visible(timeout=PATIENCE)
    with page.expect_download(timeout=PATIENCE) as saving:
        button.click()
    file = folder / saving.value.suggested_filename
    saving.value.save_as(file)
    return file


def test_a_run_is_kept_as_a_test(builder: Builder, api: Api, tmp_path: Path) -> None:
    """The recording is saved, proved by a replay, and the page shows the test to put beside it."""
    number = ran(api, "Ada")
    file = kept(builder, number, tmp_path)
    assert file.name == f"greeting-{number}.json"
    recording = json.loads(file.read_text())
    assert (recording["nodeloom_recording"], recording["inputs"]) == (1, {"name": "Ada"})
    shown = builder.page.get_by_test_id("kept-test")
    expect(shown).to_contain_text(f'assert_replays("{file.name}")')
    builder.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(builder.page.get_by_test_id("keep-as-test")).to_be_focused()


def test_a_recording_is_dropped_on_the_comparison(builder: Builder, api: Api, tmp_path: Path) -> None:
    """It becomes a run, and stands beside the one that is picked; a file that is none says so."""
    file = kept(builder, ran(api, "Ada"), tmp_path)
    other = ran(api, "Eve")
    page = builder.page
    page.goto(f"{builder.url}/compare")
    left = page.get_by_test_id("choose-left")
    expect(left).to_be_visible(timeout=PATIENCE)
    (tmp_path / "none.json").write_text("{}")
    left.get_by_test_id("recording-file").set_input_files(tmp_path / "none.json")
    expect(left.get_by_role("alert")).to_contain_text("is no recording")
    content = file.read_text()
    transfer = page.evaluate_handle(
        "(text) => { const all = new DataTransfer(); all.items.add(new File([text], 'then.json')); return all }",
        content,
    )
    left.get_by_test_id("recording-drop").dispatch_event("drop", {"dataTransfer": transfer})
    expect(left.get_by_test_id("recording-drop")).to_contain_text("Greeting is here as r-")
    page.get_by_test_id("choose-right").get_by_test_id(f"choose-{other}").click()
    expect(page).to_have_url(re.compile(rf"/compare\?left=r-\d+&right={other}"), timeout=PATIENCE)
    expect(page.locator(".compare")).to_contain_text("Ada", timeout=PATIENCE)
    taken = next(run for run in api.get("/runs")["runs"] if run["label"].startswith("recording of"))
    found = api.get(f"/compare?left={taken['number']}&right={other}")
    assert found["first"]["node"] == "start"

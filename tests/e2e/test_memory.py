"""The Memory page: from a question to the hit, to the run that recalled it, to its trace."""

import re
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder
from tests.e2e.conftest import tab

pytestmark = pytest.mark.browser

PANDAS: Final = "Pandas eat bamboo for most of the day."
PROBES: Final = "/_stcore/(health|host-config)\\]$"
RECALLING: Final[dict[str, Any]] = {
    "title": "Zoo guide",
    "inputs": {"question": {"type": "text"}},
    "outputs": {"answer": {"type": "text"}},
    "nodes": {
        "start": {"kind": "start"},
        "look": {"kind": "memory.recall", "label": "Look back"},
        "facts": {"kind": "resource.memory_space", "config": {"space": "zoo"}},
        "finish": {"kind": "finish"},
    },
    "edges": {
        "flow": ["start -> look", "look -> finish"],
        "data": ["start.question -> look.query", "look.text -> finish.answer"],
        "attach": ["facts -> look.memory"],
    },
}


@pytest.fixture
def reader(browser: Browser, app: App) -> Iterator[Builder]:
    """A tab of somebody who opens pages by their address: Streamlit then logs two 404 of its own."""
    with tab(browser, app, expected=PROBES) as opened:
        yield opened


@pytest.fixture(scope="module")
def recalled(api: Api) -> str:
    """A space of facts, one of them recalled by a run; the run's number."""
    for text in (PANDAS, "A robe takes two bolts of blue fibre.", "Rome is in Italy.", "Whales sing for hours."):
        api.post("/memory/spaces/zoo/records", {"text": text, "kind": "fact"})
    started = api.post(f"/workflows/{api.new(RECALLING)}/runs", {"inputs": {"question": "What do pandas eat?"}})
    for _ in range(200):
        run = api.get(f"/runs/{started['run_id']}")
        if run["status"] not in ("queued", "running"):
            break
        time.sleep(0.1)
    assert run["status"] == "done", run
    return str(run["number"])


def test_from_the_probe_to_the_hit_to_where_it_was_recalled(reader: Builder, recalled: str) -> None:
    """A hit opens its record, which names the run that recalled it; the link leads to the trace."""
    page = reader.page
    page.goto(f"{reader.url}/memory?space=zoo")
    expect(page.locator(".st-key-memory_map .main-svg").first).to_be_visible()
    box = page.get_by_placeholder("Ask as a Recall node would")
    box.fill("What do pandas eat?")
    box.press("Enter")
    first = page.locator(".hit").first
    expect(first).to_contain_text(PANDAS)
    page.get_by_role("button", name=re.compile(r"^Why 0\.\d\d: Pandas")).click()
    expect(page.locator(".calc")).to_contain_text("similarity")
    use = page.locator(".recalled li").first
    expect(use).to_contain_text("Zoo guide · Look back")
    expect(use).to_contain_text("“What do pandas eat?”")
    use.get_by_role("link", name=recalled).click()
    expect(page).to_have_url(re.compile(rf"run={recalled}&span=[0-9a-f]{{16}}"))
    expect(page.get_by_text("Look back").first).to_be_visible()

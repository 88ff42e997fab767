"""The Build page as a person uses it: by the mouse, by the keyboard, by looking."""

import re
from typing import Any, Final

from playwright.sync_api import Locator, Page, ViewportSize, expect

PATIENCE: Final = 30_000
"""Milliseconds a page may take; a machine that also runs a model is slow."""
WIDE: Final[ViewportSize] = {"width": 1600, "height": 1000}


NOTE_STATES: Final = """canvas => {
  const seen = (window.seenStates = {})
  const note = (records) => {
    for (const { target } of records) (seen[target.dataset.testid] ??= []).push(target.dataset.state)
  }
  const options = { subtree: true, attributes: true, attributeFilter: ['data-state'] }
  new MutationObserver(note).observe(canvas.getRootNode(), options)
}"""


class Builder:
    """One tab with the Build page open."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.canvas = page.get_by_test_id("canvas")

    # --- getting there ---

    def open(self, workflow: str | None = None) -> None:
        """Go to a workflow, or to the one saved last, and wait for its canvas."""
        self.page.goto(f"{self.url}/?workflow={workflow}" if workflow else self.url)
        self.ready()

    def ready(self) -> None:
        """Wait until the canvas shows the document."""
        expect(self.canvas).to_be_visible()
        expect(self.page.get_by_test_id("save-state")).to_be_visible()

    @property
    def workflow(self) -> str:
        """The id in the address."""
        found = re.search(r"workflow=([^&]+)", self.page.url)
        assert found, f"no workflow in {self.page.url}"
        return found.group(1)

    # --- looking ---

    def node(self, id: str) -> Locator:
        return self.page.get_by_test_id(f"node-{id}")

    def node_ids(self) -> set[str]:
        """Ids of the cards on the canvas."""
        names = self.page.locator("[data-testid^=node-]").evaluate_all("all => all.map(each => each.dataset.testid)")
        return {name.removeprefix("node-") for name in names}

    def handle(self, name: str) -> Locator:
        """A handle by ``node-sort-side-name``: ``plan-flow-out-done``."""
        return self.page.get_by_test_id(f"handle-{name}")

    def saved(self) -> None:
        """Wait until the server has everything."""
        expect(self.page.get_by_test_id("save-state")).to_have_attribute("data-sync", "saved")

    def watch(self) -> None:
        """Note from now on every state that a node shows: one may be over before it is looked for."""
        self.canvas.evaluate(NOTE_STATES)

    def seen(self, id: str) -> list[str]:
        """The states that a node has shown since ``watch``, in order."""
        return self.page.evaluate("id => window.seenStates[`node-${id}`] ?? []", id)

    def ends(self, id: str, state: str) -> None:
        """Wait until a node shows a state of the run: running, done, waiting, failed."""
        expect(self.node(id)).to_have_attribute("data-state", state)

    # --- the mouse ---

    def drag_in(self, kind: str, x: float, y: float) -> str:
        """Drag a kind from the palette to a place of the canvas (px from its corner); the new node's id."""
        before = self.node_ids()
        item = self.page.get_by_test_id(f"palette-{kind}")
        item.scroll_into_view_if_needed()
        corner, start = box_of(self.canvas), middle_of(item)
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(start[0] + 30, start[1] + 10, steps=3)
        self.page.mouse.move(corner["x"] + x, corner["y"] + y, steps=8)
        self.page.mouse.up()
        return self.added(before)

    def added(self, before: set[str]) -> str:
        """The one node that was not there before."""
        expect(self.page.locator("[data-testid^=node-]")).to_have_count(len(before) + 1)
        (new,) = self.node_ids() - before
        return new

    def wire(self, source: str, target: str) -> None:
        """Drag from one handle to another."""
        self.pull(source, target)
        self.page.mouse.up()

    def pull(self, source: str, target: str) -> None:
        """As ``wire``, with the button still down."""
        self.page.mouse.move(*middle_of(self.handle(source)))
        self.page.mouse.down()
        self.page.mouse.move(*middle_of(self.handle(target)), steps=10)

    def select(self, id: str) -> None:
        """Click a node's name."""
        self.node(id).locator(".nm").click()

    # --- the keyboard ---

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, region: str) -> None:
        """Press F6 until a part of the page has the focus."""
        for _ in range(8):
            if self._focused("node => node.closest('[data-region]')?.dataset.region") == region:
                return
            self.press("F6")
        raise AssertionError(f"F6 never came to {region}")

    def tab_to(self, testid: str, most: int = 60) -> None:
        """Press Tab until the element has the focus."""
        for _ in range(most):
            if self._focused("node => node.dataset.testid") == testid:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never came to {testid}")

    def focused_testid(self) -> str | None:
        """The test id of what has the focus."""
        return self._focused("node => node.dataset.testid")

    def _focused(self, question: str) -> Any:
        return self.page.evaluate(
            f"""() => {{
                let node = document.activeElement
                while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
                return node ? ({question})(node) ?? null : null
            }}"""
        )


def box_of(locator: Locator) -> Any:
    """The element's rectangle; it has to be on the page."""
    box = locator.bounding_box()
    assert box, f"{locator} has no box"
    return box


def middle_of(locator: Locator) -> tuple[float, float]:
    """Where to point at it, once it stands still: the canvas glides when the view is fitted."""
    before, box = None, box_of(locator)
    for _ in range(50):
        if box == before:
            break
        locator.page.wait_for_timeout(80)
        before, box = box, box_of(locator)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

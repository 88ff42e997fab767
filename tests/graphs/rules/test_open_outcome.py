"""FLW111 in the body of a frame, where the end of the way is the end of the item."""

from typing import Any

from graphs.document import Document
from graphs.validate import validate
from tests.documents import document

DRAFT = "{{item}} {{#feedback}}{{feedback}}{{/feedback}}"


def each_item(*flow: str, **more: Any) -> Document:
    """A for each that drafts and critiques; ``flow`` are the edges behind the critique."""
    nodes: dict[str, Any] = {
        "start": "start", "frame": "control.for_each", "finish": "finish",
        "draft": {"kind": "prompt", "parent": "frame", "config": {"prompt": DRAFT}},
        "check": {"kind": "reflection.critique", "parent": "frame", "config": {"max_revisions": 1}}, **more,
    }  # fmt: skip
    return document(
        nodes,
        flow=("start -> frame", "frame.each -> draft", "draft -> check", "frame -> finish", *flow),
        data=(
            "start.items -> frame.items", "frame.item -> draft.item", "draft.answer -> check.draft",
            "check.feedback -> draft.feedback", "draft.answer -> frame.result", "frame.results -> finish.answers",
        ),
        inputs={"items": {"type": "list[text]"}}, outputs={"answers": {"type": "list[any]"}},
    )  # fmt: skip


def open_outcomes(found: Document) -> list[str]:
    return [f"{each.place.node}.{each.place.port}" for each in validate(found) if each.code == "FLW111"]


def test_the_way_out_of_a_body_is_no_oversight():
    """Where everything that follows comes back, what is open ends the item: nothing is said."""
    assert open_outcomes(each_item("check.revise -> draft")) == []


def test_a_branch_of_a_body_is_still_told():
    """Where one outcome leads on, the other may have been overlooked."""
    after = {"kind": "prompt", "parent": "frame", "config": {"prompt": "More on {{item}}"}}
    assert open_outcomes(each_item("check.accept -> after", after=after)) == ["check.revise"]


def test_outside_of_a_frame_nothing_ends_by_itself():
    """The same loop in the workflow itself leaves accept open, which is told."""
    loop = document(
        {
            "start": "start", "draft": {"kind": "prompt", "config": {"prompt": "Go"}},
            "check": {"kind": "reflection.critique", "config": {"max_revisions": 1}},
        },
        flow=("start -> draft", "draft -> check", "check.revise -> draft"), data=("draft.answer -> check.draft",),
    )  # fmt: skip
    assert open_outcomes(loop) == ["check.accept"]

"""The reference in docs/ is what the code says."""

from pathlib import Path

import pytest

from nodes.contract import FAMILIES
from nodes.reference import INDEX, index, page, pages
from nodes.registry import KINDS

DOCS = Path(__file__).parents[2] / "docs" / "nodes"
MEND = "Run `nodeloom nodes --reference docs/nodes`."


@pytest.mark.parametrize("name", [INDEX, *(f"{kind}.md" for kind in KINDS)])
def test_page_is_what_is_generated(name: str):
    """Each page in docs/nodes is the one made from the code."""
    file = DOCS / name
    assert file.exists(), f"docs/nodes/{name} is missing. {MEND}"
    assert file.read_text(encoding="utf-8") == pages(KINDS)[name], f"docs/nodes/{name} is out of date. {MEND}"


def test_no_page_is_left_of_a_kind_that_is_gone():
    """docs/nodes holds the reference and nothing else."""
    assert {file.name for file in DOCS.iterdir()} == set(pages(KINDS)), MEND


def test_index_names_every_kind_once_under_its_family():
    """Every kind has one line, in its family's section, and every family with kinds a section."""
    lines = index(KINDS).splitlines()
    for kind, spec in KINDS.items():
        assert [line for line in lines if f"({kind}.md)" in line] == [
            f"- [{spec.title}]({kind}.md) `{kind}`: {spec.summary}"
        ]
    sections = [line for line in lines if line.startswith("## ")]
    assert len(sections) == sum(any(spec.family == family for spec in KINDS.values()) for family in FAMILIES)


def test_page_says_what_a_sub_workflow_is_given_and_gives():
    """A socket for a sub-workflow lists its ports, a frame the settings that make its own."""
    (socket, spec) = next(
        (socket, spec) for spec in KINDS.values() for socket in spec.attaches if socket.takes and socket.gives
    )
    (line,) = [line for line in page(spec).splitlines() if line.startswith(f"- `{socket.name}`: one sub-workflow")]
    assert all(f"{port.name} ({port.type})" in line for port in (*socket.takes, *socket.gives))
    frames = [spec for spec in KINDS.values() if spec.frame_fields]
    assert frames
    for frame in frames:
        assert all(f"one for each of `{name}`" in page(frame) for name in frame.frame_fields or ())

"""``nodeloom templates``: what comes with Nodeloom, as a table and as data; copied; what is not there yet."""

import json
from pathlib import Path

import pytest

from templates import catalogue, gallery
from tests.ui.terminal.conftest import Command


def test_the_list_tells_what_each_carries(nodeloom: Command) -> None:
    """A line for every template with its row of the table, family, status, mechanism and cost; the first one leads."""
    lines = json.loads(nodeloom("templates", "--json").stdout)
    assert [line["id"] for line in lines] == list(catalogue.slugs())
    keys = {"id", "row", "family", "status", "title", "summary", "mechanism", "cost", "recorded"}
    assert all(set(line) == keys for line in lines)
    assert all(line["mechanism"].startswith("1. ") and line["cost"] and line["recorded"] for line in lines)
    by_id = {line["id"]: line for line in lines}
    assert (by_id["lats"]["row"], by_id["lats"]["family"], by_id["lats"]["status"]) == ("lats", "search", "drawn")
    assert (by_id[catalogue.FIRST]["row"], by_id[catalogue.FIRST]["family"]) == (None, gallery.OWN)


def test_a_family_is_listed_alone(nodeloom: Command) -> None:
    """Only its templates, in the table too; the older spelling of the command does the same."""
    lines = json.loads(nodeloom("templates", "--json", "--family", "memory").stdout)
    assert lines and {line["family"] for line in lines} == {"memory"}
    for command in (("templates", "--family", "memory"), ("template", "list", "--family", "memory")):
        shown = nodeloom(*command).stdout
        assert "sage" in shown and "lats" not in shown


def test_what_no_template_carries_is_told_with_why(nodeloom: Command) -> None:
    """Each row of priority A without a template, with the reason."""
    lines = json.loads(nodeloom("templates", "--missing", "--json").stdout)
    assert [line["row"] for line in lines] == [row.id for row in gallery.missing()]
    assert all(line["why"] for line in lines)
    shown = nodeloom("templates", "--missing").stdout
    assert all(line["name"].split()[0] in shown for line in lines)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("templates", "--family", "memry"), "Did you mean 'memory'?"),
        (("templates", "copy", "latz"), "Did you mean 'lats'?"),
        (("templates", "record", "latz"), "Did you mean 'lats'?"),
        (("templates", "copy", "lats", "there.yaml"), "exists already"),
    ],
)
def test_bad_input_is_told(nodeloom: Command, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 2, and the nearest name."""
    (tmp_path / "there.yaml").write_text("mine")
    done = nodeloom(*arguments)
    assert done.returncode == 2 and words in done.stderr
    assert (tmp_path / "there.yaml").read_text() == "mine"


def test_a_template_is_copied(nodeloom: Command, tmp_path: Path) -> None:
    """The file opens without a finding."""
    assert nodeloom("templates", "copy", "lats").returncode == 0
    assert nodeloom("check", "lats.yaml").returncode == 0

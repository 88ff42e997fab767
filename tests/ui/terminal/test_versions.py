"""``nodeloom versions``: every save of a workflow, newest first."""

import json

from graphs.yaml_format import parse
from tests.ui.terminal.conftest import HELLO, Command
from ui.documents import Documents, Edit
from ui.versions import restore
from ui.workspace import workspace


def _edited() -> str:
    """A saved workflow with three versions, the first named and published, the last restored from it."""
    saved = Documents(workspace())
    id = saved.create(parse(HELLO)).id
    ops = [{"op": "set_meta", "key": "title", "value": "Hello again"}]
    saved.edit(id, 1, [Edit("tab", 1, ops, "Rename the workflow")])
    restore(workspace(), id, 1, 2)
    workspace().versions.mark(id, 1, name="As [shown]", note="At the fair.")
    workspace().versions.publish(id, 1)
    return id


def test_versions_are_listed_newest_first(nodeloom: Command) -> None:
    """By title or id: number, what was done, edits, name, note and which one is published."""
    id = _edited()
    done = nodeloom("versions", "Hello")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["v3", "v2", "v1"]
    assert "Restore v1" in lines[0] and "Rename the workflow" in lines[1]
    assert "As [shown] (published)" in lines[2] and "At the fair." in lines[2]
    told = json.loads(nodeloom("versions", id, "--json").stdout)
    assert (told["workflow"], told["published"]) == (id, 1)
    assert [(each["revision"], each["edits"], each["name"]) for each in told["versions"]] == [
        (3, 0, ""), (2, 1, ""), (1, 0, "As [shown]"),
    ]  # fmt: skip
    older = json.loads(nodeloom("versions", id, "--before", "3", "--limit", "1", "--json").stdout)["versions"]
    assert [each["revision"] for each in older] == [2]


def test_a_workflow_that_is_not_there_is_told_with_the_nearest(nodeloom: Command) -> None:
    """Exit code 2 and the titles there are, no traceback."""
    _edited()
    done = nodeloom("versions", "Helo")
    assert done.returncode == 2
    assert "There is no workflow 'Helo'" in done.stderr
    assert "Hello" in done.stderr

"""Workflows: revisions, conflicts, retries, the log of edits, pinned versions."""

import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.database import Database
from store.errors import NotFound, RevisionConflict, StoreError
from store.home import Home
from store.workflows import Batch, Workflows
from tests.store.fakes import child, lines_until_killed


@pytest.fixture
def workflows(database: Database) -> Workflows:
    """The workflows of a new database."""
    return Workflows(database)


def batch(client: str, seq: int, **more: Any) -> dict[str, Any]:
    """A batch of one operation."""
    return {
        "client": client,
        "seq": seq,
        "ops": [{"op": "set_meta", "key": "title", "value": f"{client}{seq}"}],
        **more,
    }


def test_created_workflow_is_read_back_in_its_order(workflows: Workflows) -> None:
    """A document comes back equal, its keys in the order they were given."""
    document = {"title": "Zürich 🧵", "nodes": {"b": {}, "a": {}}, "limits": {"usd": 0.5, "steps": None}}
    stored = workflows.create(document)
    found = workflows.get(stored.id)
    assert (found.revision, found.document) == (1, document)
    assert list(found.document["nodes"]) == ["b", "a"]


def test_list_shows_the_last_saved_first(workflows: Workflows) -> None:
    """Saving moves a workflow to the top of the list."""
    first, second = workflows.create({"title": "first"}), workflows.create({"title": "second"})
    workflows.save(first.id, {"title": "changed"}, expected_revision=1, batches=[batch("tab", 1)])
    assert [stored.id for stored in workflows.list()] == [first.id, second.id]


def test_each_batch_raises_the_revision(workflows: Workflows) -> None:
    """Two batches are two revisions, in the log as they came."""
    id = workflows.create({}).id
    saved = workflows.save(id, {"n": 2}, expected_revision=1, batches=[batch("tab", 1, label="Add"), batch("tab", 2)])
    assert saved.revision == 3
    assert [(b.revision, b.seq, b.label) for b in workflows.changes(id, 1)] == [(2, 1, "Add"), (3, 2, "")]
    assert workflows.changes(id, 2)[0].ops == batch("tab", 2)["ops"]
    assert workflows.changes(id, 3) == []


def test_replacing_the_document_is_logged_without_operations(workflows: Workflows) -> None:
    """A save without batches is one revision whose batch has no operations."""
    id = workflows.create({}).id
    assert workflows.save(id, {"new": True}, expected_revision=1, batches=[]).revision == 2
    assert workflows.save(id, {"new": 2}, expected_revision=2, batches=[]).revision == 3
    assert [(b.client, b.ops) for b in workflows.changes(id, 0)] == [("", []), ("", [])]


def test_retry_of_a_saved_batch_changes_nothing(workflows: Workflows) -> None:
    """The same client and number again answers with what is there, whatever revision it names."""
    id = workflows.create({}).id
    workflows.save(id, {"n": 1}, expected_revision=1, batches=[batch("tab", 1)])
    again = workflows.save(id, {"n": "again"}, expected_revision=1, batches=[batch("tab", 1)])
    assert (again.revision, again.document) == (2, {"n": 1})
    assert workflows.acknowledged(id, "tab") == 1
    assert workflows.acknowledged(id, "other") == 0


def test_double_number_in_one_save_counts_once(workflows: Workflows) -> None:
    """A batch that stands twice in one request is saved once."""
    id = workflows.create({}).id
    assert workflows.save(id, {}, expected_revision=1, batches=[batch("tab", 1), batch("tab", 1)]).revision == 2


def test_conflict_carries_what_came_since(workflows: Workflows) -> None:
    """A save on an old revision is refused with the newer document and its batches, and saves nothing."""
    id = workflows.create({}).id
    workflows.save(id, {"by": "a"}, expected_revision=1, batches=[batch("a", 1)])
    with pytest.raises(RevisionConflict, match="revision 2, not 1") as caught:
        workflows.save(id, {"by": "b"}, expected_revision=1, batches=[batch("b", 1)])
    assert caught.value.current.document == {"by": "a"}
    assert caught.value.batches == [Batch(2, "a", 1, batch("a", 1)["ops"], "")]
    assert workflows.acknowledged(id, "b") == 0


def test_future_revision_is_a_conflict_too(workflows: Workflows) -> None:
    """A client that knows more than the server (an old copy was put back) is told so."""
    id = workflows.create({}).id
    with pytest.raises(RevisionConflict, match="revision 1, not 7") as caught:
        workflows.save(id, {}, expected_revision=7, batches=[batch("tab", 9)])
    assert caught.value.batches == []


@pytest.mark.parametrize("bad", [{"client": "", "seq": 1, "ops": []}, {"client": "tab", "seq": 0, "ops": []}])
def test_batch_without_client_or_number_is_refused(workflows: Workflows, bad: dict[str, Any]) -> None:
    """Without both a retry could not be told from an edit."""
    id = workflows.create({}).id
    with pytest.raises(StoreError, match="needs a client and a number"):
        workflows.save(id, {}, expected_revision=1, batches=[bad])
    assert workflows.get(id).revision == 1


def test_deleted_workflow_is_gone_with_its_log(workflows: Workflows) -> None:
    """After deleting, every call says that there is no such workflow."""
    id = workflows.create({}).id
    workflows.save(id, {}, expected_revision=1, batches=[batch("tab", 1)])
    workflows.delete(id)
    for call in (lambda: workflows.get(id), lambda: workflows.changes(id, 0), lambda: workflows.delete(id)):
        with pytest.raises(NotFound, match=f"no workflow '{id}'"):
            call()
    assert workflows.acknowledged(id, "tab") == 0


def test_pinned_version_never_changes(workflows: Workflows) -> None:
    """The first document pinned under a hash stays."""
    workflows.pin({"title": "one"}, "h" * 64)
    workflows.pin({"title": "two"}, "h" * 64)
    assert workflows.pinned("h" * 64) == {"title": "one"}
    with pytest.raises(NotFound, match="No workflow version 'x'"):
        workflows.pinned("x")


def test_tabs_saving_at_once_lose_nothing(workflows: Workflows) -> None:
    """Four threads that catch up after each conflict all get all their edits in, in one order."""
    id = workflows.create({"edits": []}).id
    failures: list[Exception] = []

    def tab(client: str) -> None:
        for seq in range(1, 11):
            while True:
                now = workflows.get(id)
                document = {"edits": [*now.document["edits"], f"{client}{seq}"]}
                try:
                    workflows.save(id, document, expected_revision=now.revision, batches=[batch(client, seq)])
                    break
                except RevisionConflict:
                    continue
                except Exception as error:
                    failures.append(error)
                    return

    threads = [threading.Thread(target=tab, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    logged = [f"{b.client}{b.seq}" for b in workflows.changes(id, 0)]
    assert workflows.get(id).document["edits"] == logged
    assert sorted(logged) == sorted(f"{name}{seq}" for name in "abcd" for seq in range(1, 11))


SAVER = """
import sys
from pathlib import Path
from store.database import Database
from store.workflows import Workflows
workflows = Workflows(Database(Path(sys.argv[1])))
stored = workflows.create({"n": 0})
print(stored.id, flush=True)
for n in range(1, 100_000):
    stored = workflows.save(stored.id, {"n": n}, expected_revision=stored.revision,
                            batches=[{"client": "tab", "seq": n, "ops": [{"op": "n", "value": n}]}])
    print(n, flush=True)
"""


def test_kill_loses_no_acknowledged_save(home: Home) -> None:
    """A process killed while saving has lost nothing it said was saved, and log and document agree."""
    id, *numbers = lines_until_killed(child(SAVER, home.database), 80)
    workflows = Workflows(Database(home.database))
    found = workflows.get(id)
    assert found.document["n"] >= int(numbers[-1]) >= 79
    assert [b.ops[0]["value"] for b in workflows.changes(id, 0)] == list(range(1, found.document["n"] + 1))
    assert workflows.acknowledged(id, "tab") == found.document["n"]


@settings(max_examples=25, deadline=None)
@given(requests=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 4), st.booleans()), max_size=12))
def test_any_sequence_of_saves_keeps_log_and_revision_together(
    requests: list[tuple[str, int, bool]], database_for_properties: Database
) -> None:
    """Whatever is retried or late, the revision is one more than the log is long and no number stands twice."""
    workflows = Workflows(database_for_properties)
    id = workflows.create({}).id
    for client, seq, late in requests:
        revision = workflows.get(id).revision - late
        try:
            workflows.save(id, {"last": [client, seq]}, expected_revision=revision, batches=[batch(client, seq)])
        except RevisionConflict as conflict:
            assert late
            assert conflict.current.revision == revision + 1
    log = workflows.changes(id, 0)
    assert [b.revision for b in log] == list(range(2, workflows.get(id).revision + 1))
    assert len({(b.client, b.seq) for b in log}) == len(log)
    assert workflows.get(id).document == ({"last": [log[-1].client, log[-1].seq]} if log else {})


@pytest.fixture(scope="module")
def database_for_properties(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """One database for all examples of a property: each makes a workflow of its own."""
    return Database(tmp_path_factory.mktemp("properties") / "nodeloom.db")

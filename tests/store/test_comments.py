"""Comments on spans."""

import pytest

from store.comments import LONGEST_TEXT, Comments
from store.database import Database
from store.errors import NotFound, StoreError
from store.runs import Runs
from tests.store.traces import new_run, tutor, write


@pytest.fixture
def run(database: Database) -> str:
    """The tutor's run."""
    id = new_run(database)
    write(database, *tutor(id))
    return id


@pytest.fixture
def comments(database: Database) -> Comments:
    return Comments(database)


def test_comments_are_kept_in_the_order_they_were_made(comments: Comments, run: str) -> None:
    """Of a span, and of the whole run."""
    first = comments.add(run, "solve", author=" Ada ", text=" Look here. ")
    comments.add(run, "plan", author="Grace", text="Fine.")
    second = comments.add(run, "solve", author="Grace", text="I see.")
    assert (first.author, first.text, first.span, first.run, first.edited_at) == (
        "Ada",
        "Look here.",
        "solve",
        run,
        None,
    )
    assert comments.list(run, "solve") == [first, second]
    assert [each.text for each in comments.list(run)] == ["Look here.", "Fine.", "I see."]


def test_a_comment_is_edited_and_removed(comments: Comments, run: str) -> None:
    """An edit says when; what is removed is gone, and a second time not found."""
    made = comments.add(run, "solve", author="Ada", text="Look")
    edited = comments.edit(made.id, "Look again")
    assert (edited.text, edited.span, edited.author) == ("Look again", "solve", "Ada")
    assert edited.edited_at is not None and edited.edited_at >= made.created_at
    comments.delete(made.id)
    assert comments.list(run) == []
    with pytest.raises(NotFound, match=f"no comment '{made.id}'"):
        comments.delete(made.id)


@pytest.mark.parametrize(
    ("author", "text", "said"),
    [("", "x", "author of a comment is empty"), ("Ada", "  ", "text of a comment is empty"),
     ("Ada", "x" * (LONGEST_TEXT + 1), "10,001 characters"), ("A" * 81, "x", "81 characters")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(comments: Comments, run: str, author: str, text: str, said: str) -> None:
    """Empty and too long ones, with what is wrong."""
    with pytest.raises(StoreError, match=said):
        comments.add(run, "solve", author=author, text=text)
    assert comments.list(run) == []


def test_a_span_of_another_run_cannot_be_commented_on(database: Database, comments: Comments, run: str) -> None:
    """The span has to be of the run that is named."""
    with pytest.raises(NotFound, match="no span 'solve'"):
        comments.add(new_run(database), "solve", author="Ada", text="x")


def test_comments_go_with_their_run(database: Database, comments: Comments, run: str) -> None:
    """Removing a run leaves none behind."""
    comments.add(run, "solve", author="Ada", text="x")
    Runs(database).delete(run)
    assert comments.list(run) == []

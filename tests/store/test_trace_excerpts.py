"""A piece of a text around the words that were searched."""

import pytest

from store.trace_excerpts import BEFORE, LENGTH, MARKS, excerpt


def plain(text: str) -> str:
    return text.replace(MARKS[0], "[").replace(MARKS[1], "]")


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("Josh buys a HOUSE", ["hou", "josh"], "[Josh] buys a [HOUSE]"),
        ("a greenhouse, a house", ["house"], "a greenhouse, a [house]"),
        ("Café and cafés", ["cafe"], "[Café] and [cafés]"),
        ("snake_case words", ["case"], "snake_[case] words"),
        ("1.5 (a+b)", ["5"], "1.[5] (a+b)"),
        ("Straße", ["stra"], "[Straße]"),
        ("nothing here", ["house"], ""),
        ("nothing here", [], ""),
    ],
)
def test_words_are_marked_where_they_begin(text: str, words: list[str], said: str) -> None:
    """In any case, without accents, whole words, as the index finds them."""
    assert plain(excerpt("", text, words)) == said


def test_the_name_speaks_where_the_text_does_not() -> None:
    """A node is found by its name too."""
    assert plain(excerpt("Critique revise", "nothing", ["revise"])) == "Critique [revise]"


def test_a_long_text_is_cut_around_the_first_word() -> None:
    """Some of what is before, no half word at its beginning, and signs where it is cut."""
    found = plain(excerpt("", "word " * 100 + "needle " + "word " * 100, ["needle"]))
    assert found.startswith("…word") and found.endswith("…")
    assert 0 < found.index("[needle]") <= BEFORE + 2
    assert len(found) <= LENGTH + 6


def test_what_matched_is_never_cut_away() -> None:
    """A long word without a space ahead of it does not push the piece behind it."""
    assert "[needle]" in plain(excerpt("", "x" * 80 + "-needle and more words", ["needle"], before=12))

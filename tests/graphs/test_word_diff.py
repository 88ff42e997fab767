"""Word diffs for terminals and reports."""

from graphs.word_diff import as_text, word_diff


def test_words_alike_between_two_changes_are_part_of_the_change() -> None:
    """One readable change instead of a salad of single words; a longer stretch stays."""
    found = word_diff("Check the draft. Reply accept or revise.", "Recompute the sum. Reply accept or revise.")
    assert found == "[-Check the draft.-]{+Recompute the sum.+} Reply accept or revise."
    assert word_diff("a b c d e f g", "x b c d e f y") == "[-a-]{+x+} b c d e f [-g-]{+y+}"


def test_two_insertions_stay_two() -> None:
    """Nothing was taken out, so nothing is said to have been."""
    assert word_diff("a b c", "a new b new c") == "a {+new+} b {+new+} c"


def test_a_change_does_not_reach_over_a_line() -> None:
    """Lines are told apart, however short they are."""
    assert word_diff("one\nsame\ntwo", "1\nsame\n2") == "[-one-]{+1+}\nsame\n[-two-]{+2+}"


def test_of_equal_texts_nothing_is_shown() -> None:
    """An ellipsis says that there is more; an empty text is nothing, and all of the other is new."""
    assert (word_diff("a b", "a b"), word_diff("", ""), word_diff("", "a")) == ("… ", "", "{+a+}")


def test_messages_read_as_a_conversation() -> None:
    """Tool calls stand behind what was said; other values as they print."""
    call = {"name": "add", "arguments": {"a": 1}}
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "", "tool_calls": [call]}]
    assert as_text(said) == "user: Hi\nassistant:  -> add({'a': 1})"
    assert (as_text("text"), as_text({"a": 1}), as_text([])) == ("text", "{'a': 1}", "[]")

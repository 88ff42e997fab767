"""Numbers in texts, and what follows from what."""

import pytest

from graphs.failures.numbers import follows, numbers_in


def test_numbers_are_read_as_people_write_them():
    """Thousands, fractions, signs; numbers of list items and of names are none."""
    text = "1. It costs 1,320.50 euros\n2) that is -5 or 50%\nversion v2 of x3\nStep 4: 7 more"
    assert list(numbers_in(text)) == [1320.5, -5, 50, 7]


@pytest.mark.parametrize(
    ("number", "known"),
    [(43, [43]), (43, [17, 26]), (16, [15.23]), (15.2, [15.23]), (60, [0.6]), (1134, [42, 27]), (5, [-5]), (3, [6, 2])],
)
def test_what_is_given_rounded_or_made_of_two_follows(number: float, known: list[float]):
    """Each is supported by what is known."""
    assert follows(number, known)


@pytest.mark.parametrize(("number", "known"), [(45, [43]), (1234, [42, 27, 1134]), (15.9, [15.23]), (7, [])])
def test_what_needs_more_than_one_step_or_nothing_gives_does_not_follow(number: float, known: list[float]):
    """Each is made up, as far as can be seen."""
    assert not follows(number, known)


def test_of_many_numbers_pairs_are_not_tried():
    """Nearly everything would follow from them."""
    known = [float(number) for number in range(1000, 9000, 100)]
    assert follows(1000, known) and not follows(2150, known)

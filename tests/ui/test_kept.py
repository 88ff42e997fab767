"""A bounded store of what was made last."""

from ui.kept import Kept


def test_the_least_used_goes_first() -> None:
    """Beyond the limit goes what was asked for least recently, not what was put first."""
    kept: Kept[str, int] = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.find("a") == 1
    assert kept.put("c", 3) == 3
    assert [kept.find(key) for key in "abc"] == [1, None, 3]


def test_a_value_put_again_takes_no_second_place() -> None:
    """Putting a key again replaces its value."""
    kept: Kept[str, int] = Kept(2)
    for value in (1, 2, 3):
        kept.put("a", value)
    kept.put("b", 4)
    assert (kept.find("a"), kept.find("b")) == (3, 4)

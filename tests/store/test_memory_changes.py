"""What one process is told of another's writes, and what it then forgets."""

from store.memory_changes import NEVER, NO_ROW, ChangeLog, Figures


def test_a_log_tells_what_was_missed() -> None:
    """Everything at first, then what came since, nothing when nothing did."""
    log = ChangeLog()
    assert log.since(NEVER) is None
    mark = log.mark
    log.add(1)
    log.add(2, 7)
    assert log.since(mark) == [(1, NO_ROW), (2, 7)]
    assert log.since(log.mark) == []


def test_who_missed_too_much_forgets_everything() -> None:
    """More changes than are kept, or another owner's log: anything may have changed."""
    log = ChangeLog()
    mark = log.mark
    for _ in range(2_001):
        log.add(1)
    assert log.since(mark) is None
    assert ChangeLog().since(log.mark) is None


def test_a_size_holds_until_its_space_changes() -> None:
    """Another space's change leaves it; a count begun before a change is not kept."""
    log, figures = ChangeLog(), Figures()

    def look() -> None:
        figures.follow(log.mark, log.since(figures.mark))

    look()
    figures.counted(1, figures.version(1), 5)
    log.add(2)
    look()
    assert figures.size(1) == 5
    begun = figures.version(1)
    log.add(1)
    look()
    assert figures.size(1) is None
    figures.counted(1, begun, 5)
    assert figures.size(1) is None
    figures.counted(1, figures.version(1), 6)
    assert figures.size(1) == 6
    figures.follow(log.mark, None)
    assert figures.size(1) is None

"""AgentRxiv: laboratories work apart, and the next generation builds on what the archive holds."""

from pathlib import Path

from tests.templates.running import Lab, Ran, said

WAYS = ["by cost", "by taste"]


def run(lab: Lab, mark: str = "") -> Ran:
    """Two laboratories, two generations."""
    reports = [
        said("research", f"{mark}Report {generation} of {way}.", item=item)
        for generation in (1, 2) for item, way in enumerate(WAYS)
    ]  # fmt: skip
    return lab.run(*reports, said("conclude", "All in all."), question="What about bread?", laboratories=WAYS)


def test_the_second_generation_reads_what_the_first_reported(tmp_path: Path):
    """In the first nobody finds a report; in the second each laboratory reads those of both."""
    ran = run(Lab("agentrxiv", tmp_path))
    first, second = ran.prompts("research")[:2], ran.prompts("research")[2:]
    assert not any("Reports in the archive" in each for each in first)
    assert all("Report 1 of by cost." in each and "Report 1 of by taste." in each for each in second)
    assert ran.outputs["reports"] == ["Report 2 of by cost.", "Report 2 of by taste."]


def test_laboratories_of_a_generation_work_at_the_same_time(tmp_path: Path):
    """Both of the first generation begin before either has ended, so neither can copy the other."""
    ran = run(Lab("agentrxiv", tmp_path))
    one, other = [row for row in ran.bench.spans.of("chat") if row["node_id"] == "research"][:2]
    assert max(one["started_at"], other["started_at"]) <= min(one["ended_at"], other["ended_at"])


def test_the_archive_serves_the_next_run(tmp_path: Path):
    """A later run begins with reports, and the conclusion is drawn from the last generation alone."""
    lab = Lab("agentrxiv", tmp_path)
    run(lab)
    later = run(lab, mark="New: ")
    assert all("Reports in the archive" in each for each in later.prompts("research"))
    assert "New: Report 2" in later.prompts("conclude")[0] and "Report 1" not in later.prompts("conclude")[0]
    assert len(lab.spaces["agentrxiv-archive"].hits) == 8

"""PaperCoder: nothing is coded before it is planned, and each file sees what it imports."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

PLAN: dict[str, Any] = {
    "steps": [
        {"title": "settings.py: numbers", "needs": []}, {"title": "words.py: splits", "needs": []},
        {"title": "run.py: runs", "needs": [1, 2]},
    ]
}  # fmt: skip


def file(name: str, analysis: str, code: str) -> list[Reply]:
    return [
        said("analyse", analysis, match=f"Now this file: {name}"),
        said("code", code, match=f"Now this file: {name}"),
    ]


def run(tmp_path: Path) -> Ran:
    return Lab("papercoder", tmp_path).run(
        said("roadmap", "Three parts."), said("settings", "least: 3"), said("files", PLAN),
        *file("settings", "A constant.", "LEAST = 3"), *file("words", "split(text).", "def split(text): ..."),
        *file("run", "main(text).", "from words import split"), said("write", "Done."), paper="We sort words.",
    )  # fmt: skip


def test_all_planned_files_exist_at_the_end(tmp_path: Path):
    """The run's folder lists the three files, and the plan holds the code of each."""
    ran = run(tmp_path)
    assert all(name in ran.outputs["files"] for name in ("settings.py", "words.py", "run.py"))
    assert [each["result"] for each in ran.outputs["plan"]["steps"]] == [
        "LEAST = 3", "def split(text): ...", "from words import split",
    ]  # fmt: skip


def test_a_file_is_written_after_those_it_needs_and_with_them_in_sight(tmp_path: Path):
    """run.py sees the code of both others; words.py, which needs none, does not see settings.py."""
    ran = run(tmp_path)
    prompts = {each.split("Now this file: ")[1].split(":")[0]: each for each in ran.prompts("code")}
    assert "LEAST = 3" in prompts["run.py"] and "def split(text)" in prompts["run.py"]
    assert "LEAST = 3" not in prompts["words.py"]
    assert list(prompts)[-1] == "run.py"


def test_planning_comes_first_and_the_settings_reach_every_file(tmp_path: Path):
    """Roadmap, settings and files precede all code; each analysis stands in the prompt of its code."""
    ran = run(tmp_path)
    nodes = [row["node_id"] for row in ran.bench.spans.of("chat")]
    assert nodes[:3] == ["roadmap", "settings", "files"] and nodes[-1] == "write"
    assert all("least: 3" in each for each in ran.prompts("code"))
    assert sorted(each in "".join(ran.prompts("code")) for each in ("A constant.", "split(text).")) == [True, True]

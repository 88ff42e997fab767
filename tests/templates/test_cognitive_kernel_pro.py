"""Cognitive Kernel-Pro: runs are apart from each other, a doubted one is mended, and the majority answers."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said


def ran(item: int, number: int, *, doubted: int | None = None) -> list[Reply]:
    """A run that comes to a number; with another one first, which is doubted."""
    tries = [number] if doubted is None else [doubted, number]
    replies = [said("read", f"Notes of {item}.", item=item)]
    for each in tries:
        verdict = {"verdict": "accept" if each == number else "revise", "score": 5}
        replies += [said("code", f"```python\nprint({each})\n```", item=item),
                    said("reflect", f"Word on {each}.", item=item), said("reflect", verdict, item=item)]  # fmt: skip
    return replies


def test_the_majority_of_the_runs_answers(tmp_path: Path):
    """The first run is wrong and is outvoted by the two others."""
    lab = Lab("cognitive_kernel_pro", tmp_path)
    found = lab.run(*ran(0, 27), *ran(1, 33), *ran(2, 33), **lab.example)
    assert found.outputs["answer"] == "33" and round(found.outputs["agreement"], 2) == 0.67


def test_a_doubted_run_is_mended_before_it_votes(tmp_path: Path):
    """Without the reflection 27 would have had the majority."""
    lab = Lab("cognitive_kernel_pro", tmp_path)
    found = lab.run(*ran(0, 27), *ran(1, 33, doubted=27), *ran(2, 33), **lab.example)
    assert found.outputs["answer"] == "33"
    assert any("The last answer was doubted: Word on 27." in text for text in found.prompts("code"))


def test_runs_know_nothing_of_each_other(tmp_path: Path):
    """The notes of a run are in its own prompts alone; all search the same sources."""
    lab = Lab("cognitive_kernel_pro", tmp_path)
    found = lab.run(*ran(0, 33), *ran(1, 33), *ran(2, 33), **lab.example)
    assert all(sum(f"Notes of {at}." in text for at in range(3)) == 1 for text in found.prompts("code"))
    assert all("raised by 6 metres" in text for text in found.prompts("read"))

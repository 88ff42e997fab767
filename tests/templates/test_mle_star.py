"""MLE-STAR: the ablation names the part that counts, only that part is refined, and the ensemble must be better."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

TABLE = "x,noise,y\n" + "\n".join(f"{n},{7 * n % 5},{10 * n}" for n in range(1, 17))
CLEAN = "def clean(rows):\n    return rows\n"
FEATURES = "def features(row):\n    return [row['noise']]\n"
GOOD_FEATURES = "def features(row):\n    return [row['x']]\n"
LINE = "def predict(pairs, x):\n    return {} * x[0]\n"
PERFECT, CLOSE, FAR = LINE.format(10), LINE.format(9), LINE.format(50)


def program(*parts: str) -> str:
    return "```python\n" + "\n".join(parts) + "```"


def run(tmp_path: Path, *replies: Reply) -> Ran:
    return Lab("mle_star", tmp_path).run(*replies, task="Predict y.", table=TABLE)


def refined(*parts: str) -> list[Reply]:
    return [said("refine", program(part)) for part in parts]


def test_the_part_the_ablation_names_is_refined_and_kept(tmp_path: Path):
    """Without its predict the program would be worst, so predict is written anew; the error falls to nothing."""
    ran = run(
        tmp_path, said("draft", program(CLEAN, GOOD_FEATURES, CLOSE)), *refined(PERFECT, PERFECT, CLEAN),
        said("ensemble", program(CLEAN, GOOD_FEATURES, FAR)),
    )  # fmt: skip
    assert ran.outputs["error"] == 0 and "return 10 * x[0]" in ran.outputs["program"]
    assert ran.results("ablate")[0]["data"]["part"] == "predict"
    assert "Write the function predict anew" in ran.prompts("refine")[0]
    assert ran.outputs["log"][1] == "predict: 0"


def test_a_part_that_won_nothing_leaves_the_turn_to_another(tmp_path: Path):
    """The worse predict is dropped and not tried again, though without it the error would still rise most."""
    ran = run(
        tmp_path, said("draft", program(CLEAN, GOOD_FEATURES, CLOSE)), *refined(FAR, CLEAN, GOOD_FEATURES),
        said("ensemble", program(CLEAN, GOOD_FEATURES, FAR)),
    )  # fmt: skip
    found = [each["data"] for each in ran.results("ablate")]
    assert [each["part"] for each in found] == ["predict", "clean", "features"]
    assert max(found[1]["without"], key=found[1]["without"].get) == "predict"
    assert ran.outputs["log"][1:] == ["predict won nothing", "clean won nothing", "features won nothing"]


def test_the_ensemble_is_taken_only_where_it_is_better(tmp_path: Path):
    """A worse one is left, a better one is the result."""
    replies = [said("draft", program(CLEAN, GOOD_FEATURES, CLOSE)), *refined(FAR, CLEAN, GOOD_FEATURES)]
    worse = run(tmp_path / "worse", *replies, said("ensemble", program(CLEAN, GOOD_FEATURES, FAR)))
    better = run(tmp_path / "better", *replies, said("ensemble", program(CLEAN, GOOD_FEATURES, PERFECT)))
    assert "return 9 * x[0]" in worse.outputs["program"] and better.outputs["error"] == 0
    assert better.outputs["log"][-1] == "ensemble: 0"


def test_a_part_that_fails_is_dropped(tmp_path: Path):
    """Code that breaks costs a round and nothing else."""
    ran = run(
        tmp_path, said("draft", program(CLEAN, GOOD_FEATURES, CLOSE)),
        *refined("def predict(pairs, x):\n    return 1 / 0\n", CLEAN, GOOD_FEATURES),
        said("ensemble", "I would not combine them."),
    )  # fmt: skip
    assert ran.outputs["log"][1] == "predict won nothing" and "1 / 0" not in ran.outputs["program"]

"""Repeated games: choices are sealed, points follow the table, the history is seen, and a prediction is used."""

from pathlib import Path

from tests.templates.running import Lab, said


def test_points_follow_the_table_and_the_history_is_seen_only_afterwards(tmp_path: Path):
    """Player 1 cooperates alone in round 2: player 2 gets the 10, and player 1 learns of it in round 3."""
    lab = Lab("repeated_games_with_llms", tmp_path)
    ran = lab.run(
        said("one", "J"), said("two", "J"), said("one", "J"), said("two", "I choose F."), said("one", "F"),
        said("two", "F"), **lab.changed({"rounds": 3}),
    )  # fmt: skip
    assert ran.outputs["game"]["points"] == {"one": 8 + 0 + 5, "two": 8 + 10 + 5}
    first, second, third = ran.prompts("one")
    assert "Round" not in first and "Round 2" not in second
    assert "Round 2: player 1 chose J, player 2 chose F" in third


def test_the_prediction_stands_before_the_choice(tmp_path: Path):
    """Against the alternating player, which costs no call, the prediction of a round reaches that round's choice."""
    lab = Lab("repeated_games_with_llms", tmp_path)
    ran = lab.run(
        said("predict", "It begins with J."), said("one", "J"), said("predict", "It alternates: F."), said("one", "F"),
        **lab.changed({"opponent": "alternate", "predict": True, "rounds": 2}),
    )  # fmt: skip
    assert [line[-1] for line in ran.outputs["game"]["history"]] == ["J", "F"]
    assert "Your prediction of player 2: It alternates: F." in ran.prompts("one")[1]
    assert ran.visits["two"] == 0


def test_without_the_wish_nothing_is_predicted(tmp_path: Path):
    """The way through the prediction is taken only where it is asked for."""
    lab = Lab("repeated_games_with_llms", tmp_path)
    ran = lab.run(said("one", "F"), said("two", "F"), **lab.changed({"rounds": 1}))
    assert ran.visits["predict"] == 0 and "prediction" not in ran.prompts("one")[0]

"""Agent-Pro: a policy is rewritten after an episode, and kept only when it earns more on the same replays."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

HANDS = [{"total": 12, "next": 8, "dealer": 18}, {"total": 19, "next": 9, "dealer": 18}]


def plays(policy: str, move: str, hand: str = "") -> list[Reply]:
    """How a hand is played under a policy, in the episode and in the replays."""
    match = rf"{policy}[\s\S]*hold {hand}"
    return [
        said("move", {"answer": {"belief": "It fits.", "move": move}}, match=match, repeat=True),
        said("trial_move", move, match=match, repeat=True),
    ]


def rewrites(*policies: str) -> list[Reply]:
    """An analysis and a policy each."""
    return [reply for each in policies for reply in (said("rewrite", "I looked back."), said("rewrite", each))]


WORLD = [
    *plays("Always draw", "draw"), *plays("Never draw", "stay"), *plays("Draw below 15", "draw", "12"),
    *plays("Draw below 15", "stay", "19"), *plays("Worse", "draw", "19"), *plays("Worse", "stay", "12"),
]  # fmt: skip


def run(lab: Lab, *replies: Reply) -> Ran:
    """Two episodes of two hands, which are the replays too."""
    return lab.run(*WORLD, *replies, policy="Always draw", hands=HANDS, replays=HANDS)


def test_a_better_policy_is_kept_and_played_by(tmp_path: Path):
    """Always drawing wins one hand of two; the new policy wins both, and the second episode shows it."""
    ran = run(Lab("agent_pro", tmp_path), *rewrites("Draw below 15", "Never draw", "Worse"))
    assert ran.outputs["policy"] == "Draw below 15" and ran.outputs["version"] == 2
    assert ran.outputs["gains"] == [0, 2] and ran.outcomes("rewrite") == ["kept", "rejected"]


def test_a_policy_that_earns_less_is_rejected(tmp_path: Path):
    """Two variants that are no better leave the policy in force as it was."""
    ran = run(Lab("agent_pro", tmp_path), *rewrites("Worse", "Never draw", "Worse", "Never draw"))
    assert ran.outputs["policy"] == "Always draw" and ran.outputs["gains"] == [0, 0]


def test_the_reflection_reads_the_whole_episode(tmp_path: Path):
    """Beliefs, moves and results of all hands stand before the analysis."""
    ran = run(Lab("agent_pro", tmp_path), *rewrites("Draw below 15", "Never draw", "Worse"))
    first = ran.prompts("rewrite")[0]
    assert "It fits." in first and '"ended": 28' in first and '"ended": 20' in first


def test_the_policy_outlives_the_run(tmp_path: Path):
    """A second run begins with the policy that was kept, whatever stands in the form."""
    lab = Lab("agent_pro", tmp_path)
    run(lab, *rewrites("Draw below 15", "Never draw", "Worse"))
    ran = run(lab, *rewrites("Never draw", "Worse", "Never draw", "Worse"))
    assert ran.outputs["gains"] == [2, 2] and ran.outputs["policy"] == "Draw below 15"

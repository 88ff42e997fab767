"""CGMI: the supervisor picks who speaks, what drifts from the personality is said anew, memories are one's own."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

PLAN = said("plan", {"steps": ["Ask", "Show"]})
LATER = [said("reflect", {"questions": ["What?"]}), said("reflect", {"insights": []})]


def turn(who: str, text: str) -> list[Reply]:
    """A turn that fits its speaker."""
    return [said("supervisor", {"label": who}), said("speak", text), said("drift", "It does.\nYES")]


def teach(lab: Lab, *replies: Reply, turns: int) -> Ran:
    """A lesson of so many turns."""
    return lab.run(PLAN, *replies, *LATER, **lab.changed({"turns": turns}))


def test_the_supervisor_picks_who_speaks_and_with_which_personality(tmp_path: Path):
    """Ben speaks with Ben's traits, and the next to be picked has what he said before it."""
    lab = Lab("cgmi", tmp_path)
    ran = teach(lab, *turn("ben", "One side is lit."), *turn("anna", "Why?"), turns=2)
    assert ran.outputs["transcript"] == ["ben: One side is lit.", "anna: Why?"]
    ben, anna = ran.prompts("speak")
    assert "shy, short sentences" in ben and "calls out" in anna and "ben: One side is lit." in anna
    assert "ben: One side is lit." in ran.prompts("supervisor")[1]


def test_what_drifts_from_the_personality_is_said_anew(tmp_path: Path):
    """The loud sentence of the shy pupil does not enter the lesson; the second try knows what was wrong."""
    lab = Lab("cgmi", tmp_path)
    ran = teach(
        lab, said("supervisor", {"label": "ben"}), said("speak", "LISTEN TO ME!"), said("drift", "Ben is shy.\nNO"),
        said("speak", "I think so."), said("drift", "Yes.\nYES"), *turn("anna", "Why?"), turns=2,
    )  # fmt: skip
    assert ran.outputs["transcript"] == ["ben: I think so.", "anna: Why?"]
    assert "Ben is shy." in ran.prompts("speak")[1]
    assert "Ben is shy." not in ran.prompts("speak")[2]


def test_everyone_remembers_what_they_said_themselves(tmp_path: Path):
    """In the next lesson Ben recalls his own sentence and not Anna's."""
    lab = Lab("cgmi", tmp_path)
    teach(lab, *turn("ben", "One side is lit."), *turn("anna", "Like a banana!"), turns=2)
    ran = teach(lab, *turn("ben", "Again."), turns=1)
    assert "I said: One side is lit." in ran.prompts("speak")[0] and "banana" not in ran.prompts("speak")[0]

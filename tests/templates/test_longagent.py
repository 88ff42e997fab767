"""LongAgent: readers of parts, conflicts settled by sharing, a leader that asks on."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

STEPS = "How many steps has the tower of Skerrow?"
NOTHING = said("members", {"told": False, "answer": ""}, repeat=True)


def asks(text: str, *, reached: bool = False) -> Reply:
    """What the leader says."""
    return said("leader", {"thought": "", "reached": reached, "text": text})


def finds(answer: str, *marks: str) -> Reply:
    """What a reader answers whose part and question hold all these, in this order."""
    return said("members", {"told": True, "answer": answer}, match=r"[\s\S]*".join(marks), repeat=True)


def run(tmp_path: Path, question: str, *replies: Reply) -> Ran:
    """A run on the chronicle."""
    lab = Lab("longagent", tmp_path)
    return lab.run(*replies, question=question, document=lab.document.inputs["document"].default)


def test_two_readers_who_differ_read_together(tmp_path: Path):
    """One reader takes the other tower's steps; with both parts in sight it is 174, and the leader gets that alone."""
    ran = run(
        tmp_path, STEPS, asks(STEPS), finds("174", "174 steps", r"\[\.\.\.\]", "122 steps"), finds("122", "122 steps"),
        finds("174", "174 steps"), NOTHING, asks("174", reached=True),
    )  # fmt: skip
    assert ran.outputs["answer"] == "174" and ran.outcomes("members") == ["found"]
    joint = [prompt for prompt in ran.prompts("members") if "174 steps" in prompt and "122 steps" in prompt]
    assert len(joint) == 1
    assert "174" in ran.prompts("leader")[1] and "122" not in ran.prompts("leader")[1]


def test_the_leader_asks_on_with_what_was_found(tmp_path: Path):
    """The year comes from one part, and the keeper of that year from another, by a second question."""
    ran = run(
        tmp_path, "Who was keeper when the lens was fitted?", asks("When was the new lens fitted?"),
        finds("1911", "In 1911", "When was the new lens"), asks("Who was keeper in 1911?"),
        finds("Ewan Tait", "Ewan Tait kept", "Who was keeper in 1911"), NOTHING, asks("Ewan Tait", reached=True),
    )  # fmt: skip
    assert ran.outputs["answer"] == "Ewan Tait"
    assert [step["result"] for step in ran.outputs["steps"]["steps"]] == ["1911", "Ewan Tait"]
    assert all("Robert Fenn" not in prompt for prompt in ran.prompts("leader"))


def test_what_nobody_finds_is_not_made_up(tmp_path: Path):
    """No reader finds it: the leader is told that nothing came back, asks three times at most, and says so."""
    ran = run(
        tmp_path, "Which weekday?", asks("Day of the fire?"), asks("Weekday in 1887?"), asks("Was it a Monday?"),
        NOTHING, said("close", "The document does not tell."),
    )  # fmt: skip
    assert ran.outputs["answer"] == "The document does not tell."
    assert ran.outcomes("members") == ["not_found"] * 3 and "nothing came back" in ran.prompts("leader")[1]


def test_readers_who_stay_divided_are_reported(tmp_path: Path):
    """In twice the text no two readers ever agree: after six joint readings the leader hears that they were divided."""
    lab = Lab("longagent", tmp_path)
    numbers = [said("members", {"told": True, "answer": str(n)}) for n in range(100, 130)]
    ran = lab.run(
        asks(STEPS), *numbers, said("settle", "174, but divided."), asks("174", reached=True), question=STEPS,
        document=2 * lab.document.inputs["document"].default,
    )  # fmt: skip
    assert ran.outcomes("members") == ["divided"]
    assert "174, but divided." in ran.prompts("leader")[1]

"""TOPGUN: nothing is done before the plan ran dry and a person approved it; then exactly that is done."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

PAY = 'files(action="append", path="bank/transfers.txt", text="55-201 120.00\\n")'
YES, NO = {"decision": "Approve", "reason": ""}, {"decision": "Reject", "reason": "Mail them too."}


def plans(*lines: str, match: str | None = None) -> Reply:
    """A plan as a program."""
    return said("plan", "```python\n" + "\n".join(lines) + "\n```", match=match)


PLAYED = said("plan", "bank/transfers.txt: 14 bytes", match='"append"|append', repeat=True)


def transfers(folder: Path) -> str | None:
    """What was paid for real; None where nothing was."""
    file = folder / "run1" / "files" / "bank" / "transfers.txt"
    return file.read_text() if file.exists() else None


def test_exactly_the_approved_calls_are_made(tmp_path: Path):
    """While the person is asked nothing is paid; afterwards the planned line stands in the file, once."""
    waiting = Lab("topgun_swissnyf", tmp_path / "waits").run(plans(PAY), PLAYED, task="Pay.")
    assert waiting.row.status == "waiting" and transfers(tmp_path / "waits") is None
    ran = Lab("topgun_swissnyf", tmp_path / "goes").run(plans(PAY), PLAYED, answers=[YES], task="Pay.")
    assert transfers(tmp_path / "goes") == "55-201 120.00\n" and len(ran.outputs["done"]) == 1
    assert ran.visits["do"] == 1


def test_a_rejected_plan_is_made_anew_with_the_reason(tmp_path: Path):
    """Nothing of the first plan is done; the second knows why the first was refused."""
    mail = 'files(action="append", path="mail/outbox.txt", text="a: paid\\n")'
    ran = Lab("topgun_swissnyf", tmp_path).run(
        plans(PAY), plans(PAY, mail, match="Mail them too"), PLAYED, answers=[NO, YES], task="Pay."
    )
    assert [call["arguments"]["path"] for call in ran.outputs["calls"]] == ["bank/transfers.txt", "mail/outbox.txt"]
    assert ran.outcomes("approve") == ["rejected", "approved"] and transfers(tmp_path) == "55-201 120.00\n"


def test_a_plan_with_wrong_calls_never_reaches_the_person(tmp_path: Path):
    """Three programs that call the tool wrongly end it with the problems told, and nothing done."""
    wrong = [plans(f'files(acton="append", path="{n}")') for n in range(3)]
    ran = Lab("topgun_swissnyf", tmp_path).run(*wrong, task="Pay.")
    assert ran.outcomes("plan") == ["invalid"] and ran.outputs["problems"] and ran.visits["approve"] == 0
    assert transfers(tmp_path) is None


def test_twice_rejected_nothing_is_done(tmp_path: Path):
    """After the second refusal it ends with the reason."""
    second = plans(PAY, match="Mail them too")
    ran = Lab("topgun_swissnyf", tmp_path).run(plans(PAY), second, PLAYED, answers=[NO, NO], task="Pay.")
    assert ran.outputs["reason"] == "Mail them too." and transfers(tmp_path) is None

"""MobileSteward: steps go to the agent of their app, are checked and retried, and stay within its folder."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

ERRAND = "Order a kite and mail Ravi."


def plan(*steps: tuple[str, list[int]]) -> Reply:
    """The steward's graph."""
    return said("plan", {"steps": [{"title": title, "needs": needs} for title, needs in steps]})


def judged(match: str, *, done: bool, information: str = "", tip: str = "") -> Reply:
    """What the evaluator says."""
    return said("evaluate", {"answer": {"done": done, "information": information, "tip": tip}}, match=match)


def label(match: str, name: str) -> Reply:
    """Whose app it is."""
    return said("assign", {"label": name}, match=match)


def order(path: str = "shop/orders.txt") -> Reply:
    """The shop agent orders."""
    return calls("shop", "files", action="append", path=path, text="Kite, 11\n")


def test_a_step_not_done_is_retried_with_the_tip_and_its_information_passed_on(tmp_path: Path):
    """Talk alone is sent back once; the order then stands in the file, and the mail agent knows of it."""
    ran = Lab("mobilesteward", tmp_path).run(
        plan(("shop: order a kite", []), ("mail: write to Ravi", [1])), label("order a kite", "shop"),
        label("write to Ravi", "mail"), said("shop", "A kite costs 11."),
        judged("A kite costs", done=False, tip="Append the order."), order(), said("shop", "I did it."),
        judged("I did it", done=True, information="One kite comes."), said("mail", "Written.", match="One kite comes"),
        judged("Written", done=True), said("work", "All done."), errand=ERRAND,
    )  # fmt: skip
    assert ran.outputs["answer"] == "All done." and "shop/orders.txt" in ran.outputs["changed"]
    assert "Last time it was not done. Append the order." in ran.prompts("shop")[1]
    assert [step["status"] for step in ran.outputs["plan"]["steps"]] == ["done", "done"]


def test_an_agent_cannot_leave_its_own_app(tmp_path: Path):
    """The shop agent's letter is refused, and no outbox is there."""
    ran = Lab("mobilesteward", tmp_path).run(
        plan(("shop: order a kite", [])), label("order a kite", "shop"), order("mail/outbox.txt"), order(),
        said("shop", "I did it."), judged("I did it", done=True, information="Ordered."), said("work", "Done."),
        errand=ERRAND,
    )  # fmt: skip
    assert "mail/outbox.txt" not in ran.outputs["changed"] and "shop/orders.txt" in ran.outputs["changed"]


def test_a_step_that_fails_twice_earns_nothing(tmp_path: Path):
    """After the retry the step has failed, what needs it is skipped, and the plan is kept with reward 0."""
    lab = Lab("mobilesteward", tmp_path)
    ran = lab.run(
        plan(("shop: order a kite", []), ("mail: write to Ravi", [1])), label("order a kite", "shop"),
        said("shop", "I cannot.", repeat=True), said("evaluate", {"answer": {"done": False, "information": "",
        "tip": "Try."}}, repeat=True), said("work", "Not done.", repeat=True), errand=ERRAND,
    )  # fmt: skip
    assert ran.outcomes("work") == ["incomplete"] and ran.results("learn")[0]["reward"] == 0
    assert ran.visits["mail"] == 0 and len(ran.prompts("shop")) == 2


def test_a_plan_that_worked_is_shown_to_the_next_planning(tmp_path: Path):
    """The second run on a like errand finds the first one's steps in the steward's prompt."""
    lab = Lab("mobilesteward", tmp_path)
    script = (
        plan(("shop: order the red kite", [])), label("order the red kite", "shop"), order(), said("shop", "I did it."),
        judged("I did it", done=True, information="Ordered."), said("work", "Done."),
    )  # fmt: skip
    first, second = lab.run(*script, errand=ERRAND), lab.run(*script, errand=ERRAND)
    assert "red kite" not in first.prompts("plan")[0] and "red kite" in second.prompts("plan")[0]

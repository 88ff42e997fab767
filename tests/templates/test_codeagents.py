"""CodeAgents: code is checked line by line before it runs, and each step is told just what it reads."""

from pathlib import Path

from tests.templates.running import Lab, said

GOAL = "Say what 3 pens at 2 euros cost, in a letter."
GOOD = 'price: number = calculator(expression="3 * 2")\ntone = ask("Choose")\nreturn ask("Write it", price, tone)'


def test_a_faulty_plan_never_runs(tmp_path: Path):
    """A function that is not there and a name not defined go back with their lines; then the mended plan runs."""
    ran = Lab("codeagents", tmp_path).run(
        said("plan", 'price = shop(item="pen")\nreturn ask("Write it", cost)'),
        said("plan", GOOD, match=r"line 1: there is no function 'shop'[\s\S]*'cost' is read before it is defined"),
        said("work", "It is done.", repeat=True), goal=GOAL,
    )  # fmt: skip
    assert ran.outputs["answer"] == "It is done." and "shop" not in ran.outputs["code"]
    assert not any("shop" in prompt for prompt in ran.prompts("work"))


def test_data_flow_is_the_graph(tmp_path: Path):
    """The letter needs price and tone, which need nothing of each other; it alone is told what came of both."""
    ran = Lab("codeagents", tmp_path).run(
        said("plan", GOOD), said("work", "Six euros.", match=r"Do this step[\s\S]*calculator|price: number"),
        said("work", "Warm.", match="Choose"), said("work", "Dear all: six euros."),
        said("work", "The letter is written."), goal=GOAL,
    )  # fmt: skip
    needs = {step["id"]: step["needs"] for step in ran.outputs["plan"]["steps"]}
    assert needs == {"1": [], "2": [], "3": ["1", "2"]}
    assert all(step["status"] == "done" for step in ran.outputs["plan"]["steps"])


def test_branches_stand_in_the_plan(tmp_path: Path):
    """What is below an if hangs on it, and on the value the condition reads."""
    code = 'n: number = calculator(expression="3 * 2")\nif n > 5:\n    ask("It is dear", n)\nreturn ask("Write it", n)'
    ran = Lab("codeagents", tmp_path).run(said("plan", code), said("work", "Done.", repeat=True), goal=GOAL)
    steps = {step["id"]: step for step in ran.outputs["plan"]["steps"]}
    assert steps["2"]["title"] == "if n > 5" and steps["3"]["parent"] == "2" and steps["2"]["needs"] == ["1"]


def test_code_that_stays_faulty_becomes_a_plan_in_words(tmp_path: Path):
    """After both repairs the goal is planned as a graph of sentences, and that is worked through."""
    steps = [{"title": "Find the price", "needs": []}, {"title": "Write the letter", "needs": [1]}]
    ran = Lab("codeagents", tmp_path).run(
        said("plan", "class Letter:\n    pass", repeat=True), said("words", {"steps": steps}),
        said("work", "Dear all: six euros.", repeat=True), goal=GOAL,
    )  # fmt: skip
    assert len(ran.prompts("plan")) == 3
    assert [step["title"] for step in ran.outputs["plan"]["steps"]] == ["Find the price", "Write the letter"]
    assert ran.outputs["answer"] == "Dear all: six euros." and "code" not in ran.outputs

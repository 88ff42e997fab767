"""Does a blackboard beat a supervisor where the facts lie with several owners?

The blackboard is the template of that name as it is (its lead knows nobody; whoever has the data volunteers); the
supervisor knows its three members by what they are good at. Each owner sees its own file alone,
and most questions need two.
"""

from benchmarks.headlines.question import Check, Ended, Question, Task, limited, side
from templates import catalogue

BUDGET = 6_000
FILES = {
    "sales": "May: lamp 41 sold, chair 12 sold, desk 7 sold. April: lamp 22 sold, chair 30 sold, desk 9 sold.",
    "staff": "Ana Ruiz looks after lamps. Ben Cole looks after chairs. Mia Lund looks after desks.",
    "stock": "In stock: lamp 120, desk 15. Out of stock: chair.",
}
ASKED = {
    "Who looks after the product that sold most in May?": ("Ana", ("Ben", "Mia")),
    "How many desks are in stock?": ("15", ()),
    "Who looks after the product that is out of stock?": ("Ben", ("Ana", "Mia")),
    "How many were sold in April of the product that is out of stock?": ("30", ()),
    "Who looks after the product that sold least in April?": ("Mia", ("Ana", "Ben")),
    "How many are in stock of the product that Mia Lund looks after?": ("15", ()),
    "How many chairs were sold in May?": ("12", ()),
    "Who looks after the product of which 120 are in stock?": ("Ana", ("Ben", "Mia")),
}


def question() -> Question:
    """Eight questions over three files."""
    board = limited(catalogue.load("llm_blackboard_system").document, BUDGET)
    sides = {"supervisor": side("supervisor", BUDGET), "blackboard": board}
    tasks = [
        Task(str(at), {"question": asked, **FILES}, _says(*right))
        for at, (asked, right) in enumerate(ASKED.items(), start=1)
    ]
    return Question("blackboard", "Blackboard against supervisor", sides, tasks)


def _says(right: str, wrong: tuple[str, ...]) -> Check:
    def check(ended: Ended) -> tuple[bool, str]:
        answer = str(ended.outputs.get("answer", ""))
        return right in answer and not any(each in answer for each in wrong), answer

    return check

"""ADaPT: does breaking down only what fails beat planning first? Errands in the text world, whose state decides.

Prasad et al. 2023 (https://arxiv.org/abs/2311.05772). Both have the same world, the same executor and its prompt.
"""

from benchmarks.headlines.question import Check, Ended, Question, Task, side
from nodes.tools.text_world import ROOM
from nodes.tools.text_world_rules import Nothing, State, carried_out, first_state

BUDGET = 6_000
CARRIED = "carried"
"""The place of what one has in hand."""
EASY: dict[str, dict[str, tuple[str, str]]] = {
    "Pick up the apple.": {"apple": (CARRIED, "")},
    "Find the book and pick it up.": {"book": (CARRIED, "")},
    "Get the milk out of the fridge.": {"milk": (CARRIED, "")},
    "Wash the mug.": {"mug": ("", "wash")},
}
"""Of two to four commands. An empty place: anywhere."""
ERRANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Put the apple in the sink.": {"apple": ("sink", "")},
    "Put the key on the shelf.": {"key": ("shelf", "")},
    "Put a hot apple on the shelf.": {"apple": ("shelf", "heat")},
    "Put the milk on the table.": {"milk": ("table", "")},
    "Put a clean mug in the cupboard.": {"mug": ("cupboard", "wash")},
    "Put the plate in the sink and the book on the table.": {"plate": ("sink", ""), "book": ("table", "")},
    "Put a hot egg on the table.": {"egg": ("table", "heat")},
    "Put a cold apple on the shelf.": {"apple": ("shelf", "cool")},
}
"""What is asked -> thing: where it must be in the end, and what must have been done with it."""


def question() -> Question:
    """Four errands of two to four commands, then eight of four to eight."""
    sides = {"plan-and-execute": side("plan_and_execute", BUDGET), "ADaPT": side("adapt", BUDGET)}
    numbered = {f"easy-{at}": each for at, each in enumerate(EASY.items(), start=1)}
    numbered |= {str(at): each for at, each in enumerate(ERRANDS.items(), start=1)}
    tasks = [Task(id, {"task": errand}, _reached(goal)) for id, (errand, goal) in numbered.items()]
    return Question("text_world", "ADaPT against plan-and-execute", sides, tasks)


def _reached(goal: dict[str, tuple[str, str]]) -> Check:
    def check(ended: Ended) -> tuple[bool, str]:
        commands = [str(call.arguments.get("command", "")) for call in ended.tools]
        state = replayed(commands)
        there = all(
            (not place or place == _place(thing, state)) and (not work or work in state["made"].get(thing, []))
            for thing, (place, work) in goal.items()
        )
        return there, "; ".join(commands)

    return check


def _place(thing: str, state: State) -> str:
    if state["carried"] == thing:
        return CARRIED
    return next((place for place, things in state["holds"].items() if thing in things), "")


def replayed(commands: list[str]) -> State:
    """The world after these commands; those that cannot be change nothing."""
    state = first_state(ROOM)
    for command in commands:
        try:
            carried_out(command, state, ROOM)
        except Nothing:
            continue
    return state

"""HLA: the slow mind is asked only when spoken to, and is late; the fast mind goes on; the executor walks."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

SOUP = ("put in pot", "fetch plate", "fill plate", "serve")


def understood(soup: str) -> Reply:
    """What the slow mind made of it."""
    return said("slow", {"answer": {"intention": f"{soup} is meant.", "soup": soup, "reply": f"{soup}, gladly."}})


def chooses(*actions: str) -> tuple[Reply, ...]:
    """Macro actions of the fast mind, one after another."""
    return tuple(said("fast", {"answer": {"action": each}}) for each in actions)


def run(folder: Path, says: dict[int, str], *replies: Reply, delay: float = 2) -> Ran:
    """``says``: step of the kitchen -> what the person says then."""
    spoken: list[dict[str, Any]] = [{"tick": tick, "text": text} for tick, text in says.items()]
    return Lab("hla", folder).run(*replies, says=spoken, delay=delay)


def test_the_slow_mind_is_asked_once_a_message_and_the_steps_cost_no_call(tmp_path: Path):
    """One order takes one slow call and six fast ones for dozens of steps; the served soup is the ordered one."""
    ran = run(
        tmp_path, {0: "Mushrooms please"}, understood("mushroom"),
        *chooses("fetch mushroom", "put in pot", "fetch mushroom", *SOUP),
    )  # fmt: skip
    assert ran.outputs["served"] == "mushroom soup" and ran.outputs["right"] is True
    assert (len(ran.prompts("slow")), len(ran.prompts("fast"))) == (1, 7) and ran.outputs["ticks"] > 20
    assert ran.outputs["talk"] == ["Person: Mushrooms please", "Cook: mushroom, gladly."]


def test_until_a_change_is_understood_the_work_goes_on_by_the_old_order(tmp_path: Path):
    """The fast mind is told onion after the person changed the order; once that is in force the onion is dropped."""
    ran = run(
        tmp_path, {0: "Onion", 6: "No, tomato!"}, understood("onion"), *chooses("fetch onion"), understood("tomato"),
        *chooses("fetch onion", "put in pot", "fetch tomato", "put in pot", "fetch tomato", *SOUP), delay=4,
    )  # fmt: skip
    told = [each.partition("Order: ")[2].split()[0] for each in ran.prompts("fast")]
    assert told[:4] == ["onion", "onion", "onion", "tomato"] and set(told[3:]) == {"tomato"}
    assert "No, tomato!" in ran.prompts("slow")[1] and "The order so far: onion soup." in ran.prompts("slow")[1]
    trail = ran.outputs["trail"]
    assert any(each.startswith("tick 10: put in pot") and "Interrupted" in each for each in trail)
    assert "tick 10: the order is tomato soup" in trail and ran.outputs["served"] == "tomato soup"


def test_a_pot_begun_for_another_soup_is_emptied(tmp_path: Path):
    """The change comes when an onion is in the pot already; the fast mind is told that it was thrown away."""
    ran = run(
        tmp_path, {0: "Onion", 9: "Tomato!"}, understood("onion"),
        *chooses("fetch onion", "put in pot", "fetch onion"), understood("tomato"), *chooses("fetch tomato"),
        *chooses("put in pot", "fetch tomato", *SOUP), delay=0,
    )  # fmt: skip
    after = next(each for each in ran.prompts("fast") if "Order: tomato" in each)
    assert "In the pot: nothing" in after and "The pot was emptied" in after and ran.outputs["right"] is True


def test_the_executor_never_steps_onto_the_person(tmp_path: Path):
    """At each step the way is looked for anew; what a macro action cannot do is said and changes nothing."""
    ran = run(
        tmp_path, {0: "Onion"}, understood("onion"),
        *chooses("serve", "dance", "fetch onion", "put in pot", "fetch onion", *SOUP), delay=0,
    )  # fmt: skip
    tick, walked = 0, 0
    for done in ran.results("execute"):
        kitchen = done["result"]["kitchen"]
        for ahead, place in enumerate(done["result"]["path"], start=1):
            phase = (tick + ahead) % 8
            assert place != [1 + (phase if phase <= 4 else 8 - phase), 2]
            walked += 1
        tick = kitchen["tick"]
    assert walked > 15 and ran.outputs["served"] == "onion soup"
    told = " ".join(ran.outputs["trail"])
    assert "serve is not possible now." in told and "dance is not known here." in told


def test_forty_turns_are_the_end(tmp_path: Path):
    """A fast mind that only ever fetches serves nothing, and the run says so."""
    ran = run(tmp_path, {0: "Onion"}, understood("onion"), *chooses(*["fetch onion"] * 40))
    assert ran.outputs["served"] == "" and ran.outputs["right"] is False and ran.visits["turn"] == 41

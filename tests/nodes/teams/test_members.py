"""Members of a team."""

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from nodes.bounded import together
from nodes.contract import NodeError, Role
from nodes.teams.members import MemberSpec, ask, ask_member_for, copies_of, members_of, roster, user
from tests.fakes import FakeContext, FakeTool, ListMemory, ScriptedModel, ToolCall, role


def test_attached_roles_come_before_written_members():
    """Written members are for a team without roles, and answer with the node's model."""
    ctx = FakeContext()
    written = (MemberSpec(name="Ann", persona="You are kind.", skills="cooking"),)
    assert members_of(ctx, written) == [Role("Ann", "You are kind.", "cooking", ctx.model)]
    assert [each.name for each in members_of(FakeContext(roles=[role("Bob")]), written)] == ["Bob"]


def test_a_team_needs_members_with_names_of_their_own():
    """Nobody at all, and two of one name, are errors that say so."""
    with pytest.raises(NodeError, match="no members"):
        members_of(FakeContext(), ())
    with pytest.raises(NodeError, match="Two members are called 'Ann'"):
        copies_of(FakeContext(roles=[role("Ann"), role("Ann")]), 3, "copy")


def test_copies_stand_in_for_roles():
    """Without roles there are copies of the model, numbered."""
    assert [each.name for each in copies_of(FakeContext(), 2, "copy")] == ["copy 1", "copy 2"]


def test_a_member_remembers_what_fits_the_question():
    """Its private memory is searched with the question and stands in its system turn."""
    memory = ListMemory()
    member = role("Ann", "At 9.", memory=memory)

    async def work() -> str:
        await memory.add("The shop opens at 9")
        return await ask(FakeContext(), member, user("When opens the shop"))

    assert asyncio.run(work()) == "At 9."
    system = member.model.calls[0].messages[0]  # type: ignore[attr-defined]
    assert system == {"role": "system", "content": "You are Ann.\n\nWhat you remember:\n- The shop opens at 9"}


def test_a_member_uses_its_own_tools():
    """A role with tools works as an agent on its own model."""
    tool, model = FakeTool("search", "42"), ScriptedModel(ToolCall("search", {"q": "x"}), "It is 42.")
    ctx = FakeContext()
    member = Role("Ann", "", "", model, tools=(tool,))
    assert asyncio.run(ask(ctx, member, user("x?"))) == "It is 42."
    assert tool.calls == [{"q": "x"}] and not ctx.model.calls


def test_a_form_is_filled_in_persona():
    """A form is asked of the member, with its persona."""

    class Vote(BaseModel):
        yes: bool

    member = role("Ann", {"yes": True})
    assert asyncio.run(ask_member_for(member, Vote, user("Shall we?"))).yes
    assert "You are Ann." in member.model.calls[0].text  # type: ignore[attr-defined]


def test_the_roster_names_skills():
    """A member is described by its skills, else by its persona's first line."""
    nobody = Role("Cleo", "", "", ScriptedModel())
    listed = roster([role("Ann", skills="sums"), role("Bob"), nobody])
    assert listed == "- Ann: sums\n- Bob: You are Bob.\n- Cleo: no skills named"


def test_together_keeps_order_and_bound():
    """Results stand in the order of the items, however they end, and no more than the limit run at once."""
    running: list[int] = []
    most = 0

    async def work(item: int) -> int:
        nonlocal most
        running.append(item)
        most = max(most, len(running))
        await asyncio.sleep(0.001 * (5 - item))
        running.remove(item)
        return item * 10

    assert asyncio.run(together(work, range(5), limit=2)) == [0, 10, 20, 30, 40]
    assert most == 2


def test_together_stops_at_the_first_failure():
    """A failure comes out as itself, and what still ran is stopped."""
    ended: list[Any] = []

    async def work(item: int) -> None:
        if item == 0:
            raise NodeError("broken", mend="")
        await asyncio.sleep(5)
        ended.append(item)

    with pytest.raises(NodeError, match="broken"):
        asyncio.run(together(work, range(3)))
    assert not ended

"""What is searched: how actions are proposed, carried out, valued and held against the goal.

Each of the four is a sub-workflow where one is attached. Otherwise the model proposes and judges, a
proposed text is a step written below the earlier ones, and the goal is a condition. A proposal is any
value; a record with ``situation`` says itself where it leads, with ``cost`` what it costs (A* reads that),
and with ``action`` how it is called.

A situation is what others call a state; in Nodeloom ``state`` means the variables of a run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, ClassVar, Final, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Context
from nodes.search.settings import DomainConfig
from nodes.search.sockets import number, wrong
from nodes.search.tree import SearchNode, Tree
from nodes.templating import as_text

Settings = TypeVar("Settings", bound=DomainConfig)

ASK_ACTIONS: Final = """Problem:
{problem}

So far:
{situation}
{notes}
Propose {count} different next steps."""
ASK_VALUE: Final = """Problem:
{problem}

So far:
{situation}

Judge it."""


class Judgement(BaseModel):
    """The reason comes first, so that the score can follow from it."""

    reason: str = Field(description="One or two sentences.")
    score: int = Field(ge=1, le=10, description="1 hopeless, 10 solved.")


class Outcome(NamedTuple):
    """What an action led to; ``failed`` says why it could not be done."""

    action: Any
    situation: Any
    cost: float = 1.0
    failed: str = ""


@dataclass
class Domain(Generic[Settings]):
    """One problem with the means to search it."""

    problem: str
    config: Settings
    ctx: Context
    lessons: list[str] = field(default_factory=list[str])
    """Reflections on ways that failed; every later proposal is told."""
    has_costs: ClassVar[bool] = False
    """Whether actions cost what their proposals say; else each costs 1."""

    async def expand(self, tree: Tree, node: SearchNode, *, valued: bool = True) -> list[SearchNode]:
        """The new situations one action away from ``node``, valued unless nothing reads it, in proposed order."""
        tree.expanded += 1
        node.status = "expanded"
        proposals = await self.propose(node)
        outcomes = await together(partial(self.act, node), proposals, limit=self.config.parallel)
        made: list[SearchNode] = []
        for outcome in outcomes:
            if outcome.failed:
                tree.fail(node, outcome.action, outcome.failed)
            elif child := tree.add(node, outcome.action, outcome.situation, outcome.cost):
                made.append(child)
        if valued:
            await together(self.judge, made, limit=self.config.parallel)
        return made

    async def propose(self, node: SearchNode) -> list[Any]:
        """At most ``width`` proposals, empty ones left out."""
        feedback = "\n".join([*([node.feedback] if node.feedback else []), *self.lessons])
        part = self.ctx.subworkflow("propose")
        if part is None:
            proposals = await self.by_model(node, feedback)
        else:
            given = {**self.place(node), "count": self.config.width, "feedback": feedback}
            proposals = (await part.run(given)).get("actions")
            if not isinstance(proposals, list):
                raise wrong("propose", "actions", proposals, "a list of proposals")
        return [each for each in proposals if each not in ("", None)][: self.config.width]

    async def by_model(self, node: SearchNode, feedback: str) -> list[Any]:
        """The model's own proposals."""
        notes = f"\nMind:\n{feedback}\n" if feedback else ""
        user = ASK_ACTIONS.format(
            problem=self.problem, situation=told(node.situation), notes=notes, count=self.config.width
        )
        messages = [{"role": "system", "content": self.config.proposing}, {"role": "user", "content": user}]
        answer: Any = await ask_for(
            self.ctx.model, messages, proposals_schema(self.config.width), temperature=self.config.temperature
        )
        return list(dict.fromkeys(step.strip() for step in answer.steps))

    async def act(self, node: SearchNode, proposal: Any) -> Outcome:
        """Carry a proposal out."""
        record: Mapping[str, Any] = proposal if isinstance(proposal, Mapping) else {}
        action = record.get("action", proposal)
        cost = number(record.get("cost", 1.0), "propose", "cost", least=0) if self.has_costs else 1.0
        part = self.ctx.subworkflow("act")
        if part is not None:
            given = await part.run({"problem": self.problem, "situation": node.situation, "action": action})
            return Outcome(action, given.get("situation"), cost, str(given.get("failed") or ""))
        if "situation" in record:
            return Outcome(action, record["situation"], cost)
        return await self.do(node, action, cost)

    async def do(self, node: SearchNode, action: Any, cost: float) -> Outcome:
        """Without anything attached an action is one more line."""
        return Outcome(action, "\n".join(filter(None, (as_text(node.situation), as_text(action)))), cost)

    async def judge(self, node: SearchNode) -> None:
        """Set the value of ``node``, 0 to 1, and what was said of it."""
        part = self.ctx.subworkflow("value")
        if part is not None:
            given = await part.run(self.place(node))
            node.value = number(given.get("value"), "value", "value", least=0, most=1)
            node.feedback = str(given.get("feedback") or "")
            return
        user = ASK_VALUE.format(problem=self.problem, situation=told(node.situation))
        messages = [{"role": "system", "content": self.config.judging}, {"role": "user", "content": user}]
        said = await ask_for(self.ctx.model, messages, Judgement, temperature=0)
        node.value, node.feedback = (said.score - 1) / 9, said.reason.strip()

    def place(self, node: SearchNode) -> dict[str, Any]:
        """What a sub-workflow is told of a node."""
        return {"problem": self.problem, "situation": node.situation, "actions": node.actions()}


@lru_cache(maxsize=128)
def proposals_schema(width: int) -> type[BaseModel]:
    """``{"steps": [...]}``. The bound guides the grammar; a longer list is cut, not refused."""
    steps = Field(description="One short step each.", json_schema_extra={"minItems": 1, "maxItems": width})
    return create_model("Proposals", steps=(list[str], steps))


def told(situation: Any) -> str:
    """A situation in a prompt."""
    return as_text(situation).strip() or "nothing yet"

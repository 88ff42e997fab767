"""The thought graph: thoughts that may come of several others, and the transformations that make new ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Port
from nodes.search.goal import GoalDomain
from nodes.search.settings import GoalConfig
from nodes.search.sockets import HERE, wrong
from nodes.search.tree import SearchNode, Tree
from nodes.templating import as_text
from nodes.views import View, graph_view

PROPOSING: Final = """You write solutions of a problem. Write several, each complete in itself and each going about it
in another way."""
GENERATING: Final = "Problem:\n{problem}\n{notes}\nWrite {count} different solutions."
REFINING: Final = """Problem:
{problem}

A solution:
{thought}

What was said of it:
{feedback}

Write the solution again with its faults mended. Answer with the solution alone."""
AGGREGATING: Final = """Problem:
{problem}

Several solutions:
{thoughts}

Write one solution that takes the best of each. Answer with the solution alone."""
REFINE: Final = Attach(
    "refine", "workflow", description="Mends a thought; else the model does.",
    takes=(*HERE, Port("feedback", "text", "What the valuation said of it.")),
    gives=(Port("thought", "any", "The mended thought."),),
)  # fmt: skip
AGGREGATE: Final = Attach(
    "aggregate", "workflow", description="Makes one thought of several; else the model does.",
    takes=(Port("problem", "text", "What is to be solved."), Port("thoughts", "list[any]", "The thoughts.")),
    gives=(Port("thought", "any", "The one."),),
)  # fmt: skip


class ThoughtsConfig(GoalConfig):
    """How thoughts are written."""

    proposing: str = Field(
        default=PROPOSING, title="How to generate", description="What the model is told when nothing is at `propose`.",
        max_length=20_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


@dataclass
class Thoughts(GoalDomain[ThoughtsConfig]):
    """The thoughts so far; ``tree`` numbers them, ``sources`` says what each came of."""

    tree: Tree = field(default_factory=lambda: Tree(""))
    sources: dict[int, list[SearchNode]] = field(default_factory=dict[int, list[SearchNode]])

    async def by_model(self, node: SearchNode, feedback: str) -> list[Any]:
        notes = f"\nMind what was said of an earlier solution:\n{feedback}\n" if feedback else ""
        user = GENERATING.format(problem=self.problem, notes=notes, count=self.config.width)
        messages = [{"role": "system", "content": self.config.proposing}, {"role": "user", "content": user}]
        schema = solutions_schema(self.config.width)
        answer: Any = await ask_for(self.ctx.model, messages, schema, temperature=self.config.temperature)
        return list(dict.fromkeys(each.strip() for each in answer.solutions))

    async def do(self, node: SearchNode, action: Any, cost: float) -> Any:
        """A proposal is a whole thought, not a line below another."""
        return (await super().do(self.tree.root, action, cost))._replace(action="generate")

    def rated(self) -> list[SearchNode]:
        """All thoughts, the best first; ties in the order they were made."""
        thoughts = [node for node in self.tree.nodes[1:] if node.status != "failed"]
        return sorted(thoughts, key=lambda node: (-(node.value or 0.0), node.number))

    async def generate(self) -> list[SearchNode]:
        """New thoughts of the problem, told what was said of the best so far."""
        best = self.rated()[:1]
        self.tree.root.feedback = best[0].feedback if best else ""
        return await self.expand(self.tree, self.tree.root)

    async def refine(self, thought: SearchNode) -> list[SearchNode]:
        """``thought`` mended."""
        part = self.ctx.subworkflow("refine")
        if part is not None:
            given = {"problem": self.problem, "situation": thought.situation, "feedback": thought.feedback}
            return await self._new("refine", [thought], _thought("refine", await part.run(given)))
        user = REFINING.format(
            problem=self.problem, thought=as_text(thought.situation), feedback=thought.feedback or "nothing"
        )  # fmt: skip
        return await self._new("refine", [thought], await self._written(user))

    async def aggregate(self, thoughts: Sequence[SearchNode]) -> list[SearchNode]:
        """One of several."""
        part = self.ctx.subworkflow("aggregate")
        if part is not None:
            given = {"problem": self.problem, "thoughts": [each.situation for each in thoughts]}
            return await self._new("aggregate", thoughts, _thought("aggregate", await part.run(given)))
        listed = "\n\n".join(f"{number}. {as_text(each.situation)}" for number, each in enumerate(thoughts, 1))
        user = AGGREGATING.format(problem=self.problem, thoughts=listed)
        return await self._new("aggregate", thoughts, await self._written(user))

    async def _written(self, user: str) -> str:
        reply = await self.ctx.model.chat([{"role": "user", "content": user}], temperature=self.config.temperature)
        return reply.text.strip()

    async def _new(self, action: str, sources: Sequence[SearchNode], thought: Any) -> list[SearchNode]:
        """The thought, valued; [] for an empty one or one that was there before."""
        made = self.tree.add(sources[0], action, thought) if thought not in ("", None) else None
        if made is None:
            return []
        self.sources[made.number] = list(sources)
        await self.judge(made)
        return [made]

    def view(self, kept: Sequence[SearchNode], *, title: str) -> View:
        """Thoughts and what they came of; ``kept`` are grouped apart."""
        nodes = [
            {"id": each.id, "label": f"{as_text(each.situation)[:80]} ({each.value or 0.0:.2f})",
             "group": "kept" if each in kept else str(each.action)}
            for each in self.tree.nodes[1:]
        ]  # fmt: skip
        edges = [
            {"source": source.id, "target": self.tree.nodes[number].id, "label": str(self.tree.nodes[number].action)}
            for number, sources in self.sources.items()
            for source in sources
        ]
        return graph_view(nodes, edges, title=title)


@lru_cache(maxsize=64)
def solutions_schema(width: int) -> type[BaseModel]:
    """``{"solutions": [...]}``. The bound guides the grammar; a longer list is cut, not refused."""
    each = Field(description="Each a whole solution.", json_schema_extra={"minItems": 1, "maxItems": width})
    return create_model("Solutions", solutions=(list[str], each))


def _thought(socket: str, given: dict[str, Any]) -> Any:
    if given.get("thought") is None:
        raise wrong(socket, "thought", None, "a thought")
    return given["thought"]

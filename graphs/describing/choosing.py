"""Small decisions, one a call: which of these, which text, which number. Each answer is held to a schema.

Every question begins with the same words, so that a model server that keeps the prompt reads them once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from graphs.describing.asking import Asker
from graphs.describing.draft import Draft
from graphs.describing.searching import KindSearch, best
from nodes.contract import NodeError

SYSTEM: Final = (
    "You edit a workflow of steps that are drawn as a graph. You are asked one small question after another "
    "about what a person wishes. Answer with the JSON object asked for and nothing else."
)
NONE: Final = "none"
LISTED: Final = 24
"""Steps told of a workflow; of a larger one those that fit the wish best."""
_NUMBERS: Final = {
    "once": 1, "one": 1, "two": 2, "twice": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "twenty": 20, "fifty": 50, "hundred": 100,
}  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Unclear(NodeError):
    """The model could not tell what is wished."""


class Chooser:
    """Asks about one wish. ``tell`` hears in a few words what is being decided."""

    def __init__(self, asker: Asker, draft: Draft, wish: str, search: KindSearch, tell: Callable[[str], None]) -> None:
        self.draft = draft
        self.wish = wish
        self.search = search
        self._asker = asker
        self._tell = tell

    async def one_of(self, decision: str, question: str, options: Mapping[str, str], *, none: str = "") -> str | None:
        """The name of one of ``options`` (name -> what it is); a single one is not asked about.

        ``none``: what choosing none of them means; '' where one has to be chosen. None where none was.
        """
        offered = dict(options) | ({NONE: none} if none else {})
        if not options:
            return None
        if len(offered) == 1:
            return next(iter(offered))
        listed = "\n".join(f"- {name}: {words}" for name, words in offered.items())
        schema = _schema(Literal[tuple(offered)], "One of the names listed.")
        chosen = await self._ask(decision, f"{question}\n{listed}", schema)
        return None if none and chosen == NONE else str(chosen)

    async def text(self, decision: str, question: str, *, most: int = 2_000) -> str:
        """A text of at least one character."""
        schema = _schema(str, "The text, and nothing else.", min_length=1, max_length=most)
        return str(await self._ask(decision, question, schema)).strip()

    async def number(self, decision: str, question: str, *, whole: bool) -> float | int:
        """A number; where the wish holds numbers, one of them."""
        said = self.numbers
        if len(said) == 1:
            return said[0]
        kind: Any = Literal[tuple(said)] if said and whole else int if whole else float
        return await self._ask(decision, question, _schema(kind, "The number."))

    @property
    def numbers(self) -> list[int]:
        """The whole numbers in the wish, in figures or words, each once."""
        words = re.findall(r"[a-z]+|(?<![\d.])\d+(?![\d.])", self.wish.lower())
        said = [word for word in words if word.isdigit() or word in _NUMBERS]
        return list(dict.fromkeys(int(word) if word.isdigit() else _NUMBERS[word] for word in said))

    async def _ask(self, decision: str, question: str, schema: type[BaseModel]) -> Any:
        self._tell(_WORDS.get(decision, decision))
        asked = {"role": "user", "content": f"{self._scene()}\n\n{question}"}
        answer = await self._asker.decide(decision, [{"role": "system", "content": SYSTEM}, asked], schema)
        return answer.model_dump()["answer"]

    def _scene(self) -> str:
        lines = "\n".join(f"- {id}: {words}" for id, words in self.nodes(list(self.draft.document.nodes)).items())
        return f'Workflow "{self.draft.document.title}":\n{lines or "(empty)"}\n\nThe person wishes: {self.wish}'

    def nodes(self, ids: Sequence[str]) -> dict[str, str]:
        """Nodes as options, at most ``LISTED``: id -> label, kind, and what follows."""
        told = {id: self._told(id) for id in ids}
        if len(told) <= LISTED:
            return told
        chosen = set(best(self.wish, {id: [(1, f"{id} {words}")] for id, words in told.items()}, LISTED))
        return {id: words for id, words in told.items() if id in chosen}

    def _told(self, id: str) -> str:
        spec = self.draft.spec(id)
        name, title = self.draft.name(id), spec.title if spec else "?"
        after = [edge.target for _, edge in self.draft.edges("flow") if edge.source == id]
        after = list(dict.fromkeys(after))
        kind = f" ({title})" if title != name else ""
        return f"{name}{kind}{', then ' + ', '.join(after) if after else ''}"


_WORDS: Final = {
    "intent": "What kind of change is it?", "node": "Which node?", "kind": "Which kind fits?",
    "after": "Where does it go?", "setting": "Which setting?", "value": "Which value?", "name": "Which name?",
    "user": "Who uses it?", "target": "Where to?", "instruction": "What should it be told?",
}  # fmt: skip


def _schema(type: Any, description: str, **bounds: Any) -> type[BaseModel]:
    return create_model("Decision", __base__=_Strict, answer=(type, Field(description=description, **bounds)))

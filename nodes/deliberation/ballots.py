"""Ballots: what a text answers, when two answers are the same, and how they are counted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import AnswerError, ChatModel, NodeError
from nodes.snippet_text import code_in

Reading = Literal["answer_line", "last_number", "whole_text", "code", "schema"]
READING_HELP: Final = (
    "answer_line: what stands after the last 'Answer:', else the last line; last_number: the number there, else the "
    "last one; whole_text: all of it, letter case and spaces aside; code: the first fenced block; schema: asked for "
    "in a second call."
)
SURE: Final = "How sure are you that this answer is right?"
EXTRACT: Final = "Now give only the final answer, as short as it can be."
_MARK: Final = re.compile(r"answer\**(?:\s+is)?\s*:\s*\**|\\boxed\{", re.IGNORECASE)
"""Where an answer begins; models trained on mathematics write it as ``\\boxed{18}``."""
_NUMBER: Final = re.compile(r"-?\$?\d[\d,]*(?:\.\d+)?")
_PLAIN: Final = re.compile(r"^-?\d+(?:\.\d+)?$")
_AROUND: Final = " \t\r\n.,;:!*_`'\"$"


class Confidence(BaseModel):
    """How sure a voter is."""

    confidence: int = Field(ge=1, le=10, description="How sure you are that it is right: 1 guessed, 10 certain")


class FinalAnswer(BaseModel):
    """What is drawn from a reply."""

    answer: str = Field(description="The final answer, and nothing else.", max_length=400)


@dataclass(frozen=True)
class Ballot:
    """One vote. ``choice`` is the answer as it was written, '' where none could be read."""

    voter: str
    text: str
    choice: str
    weight: float = 1

    @property
    def key(self) -> str:
        """Equal for answers that mean the same."""
        return normalised(self.choice)

    def record(self) -> dict[str, Any]:
        return {"voter": self.voter, "choice": self.choice, "text": self.text, "weight": self.weight}

    def shown(self) -> dict[str, Any]:
        """The ballot as the ballots view draws it."""
        choice = self.choice or "(no answer)"
        return {"voter": self.voter, "choice": choice, "reason": self.text, "weight": self.weight}


@dataclass(frozen=True)
class Tally:
    """The count. ``agreement``: the share of all ballots, by weight, that chose the winner, 0 to 1."""

    winner: Ballot
    agreement: float


def normalised(answer: str) -> str:
    """Letter case, blanks, marks around it and ways to write a number aside."""
    text = " ".join(answer.split()).strip(_AROUND).casefold()
    bare = text.replace(",", "").replace("$", "")
    if _PLAIN.match(bare):
        return f"{float(bare):.12g}"
    return text


def choice_in(text: str, reading: Reading) -> str:
    """The answer in a reply; '' where there is none. ``schema`` reads as ``answer_line``."""
    if reading == "whole_text":
        return text.strip()
    if reading == "code":
        return code_in(text) or text.strip()
    marks = list(_MARK.finditer(text))
    tail = text[marks[-1].end() :] if marks else ""
    if marks and marks[-1][0].startswith("\\"):
        tail = tail.partition("}")[0]
    if reading == "last_number":
        after = _NUMBER.findall(tail)
        found = after[:1] or _NUMBER.findall(text)[-1:]
        return found[0].replace("$", "").replace(",", "") if found else ""
    lines = [line.strip(_AROUND) for line in (tail or text).splitlines() if line.strip(_AROUND)]
    return (lines[0] if tail.strip() else lines[-1]) if lines else ""


async def read_choice(model: ChatModel, asked: Sequence[dict[str, Any]], text: str, reading: Reading) -> str:
    """The answer in a reply to ``asked``; with ``schema`` the model is asked for it once more, and a form it
    cannot fill is a ballot without an answer.
    """
    if reading != "schema":
        return choice_in(text, reading)
    messages = [*asked, {"role": "assistant", "content": text}, {"role": "user", "content": EXTRACT}]
    try:
        return (await ask_for(model, messages, FinalAnswer, temperature=0)).answer.strip()
    except AnswerError:
        return ""


async def sure(model: ChatModel, asked: Sequence[dict[str, Any]], text: str) -> float:
    """How sure the model is of its reply to ``asked``, 1 to 10; 1 where it cannot say."""
    messages = [*asked, {"role": "assistant", "content": text}, {"role": "user", "content": SURE}]
    try:
        return float((await ask_for(model, messages, Confidence, temperature=0)).confidence)
    except AnswerError:
        return 1.0


def count(ballots: Sequence[Ballot]) -> Tally:
    """The answer with the most ballots, by weight; of equals the one that came first.

    Raises NodeError where no ballot has an answer.
    """
    votes: dict[str, float] = {}
    for ballot in ballots:
        if ballot.key:
            votes[ballot.key] = votes.get(ballot.key, 0) + ballot.weight
    if not votes:
        start = ballots[0].text[:200] if ballots else ""
        raise NodeError(
            f"None of {len(ballots)} replies holds an answer; the first begins {start!r}",
            mend="Have the prompt ask for a last line 'Answer: ...', or choose another 'Reading'.",
        )
    key = max(votes, key=lambda each: votes[each])  # the first of equals
    return Tally(
        next(ballot for ballot in ballots if ballot.key == key), votes[key] / sum(each.weight for each in ballots)
    )

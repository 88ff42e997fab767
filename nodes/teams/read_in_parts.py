"""Read a text too long for one model: a reader for each part, and conflicts settled by reading together.

Use it to answer a question on a long document with a short context. The text is cut into overlapping parts,
each read by a reader of its own, which answers or says that its part does not tell. Where answers differ,
two readers who disagree share their parts and answer again from both; most answers made up from a part
without the fact disappear there. It ends when one answer is left, or after ``max_conflicts``.

Source: Zhao et al. 2024, LongAgent: Scaling Language Models to 128k Context through Multi-Agent Collaboration
(https://arxiv.org/abs/2402.11550). We deviate: the leader does not rewrite the question between rounds, and
answers are the same when they are equal but for case, marks and ways to write a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import AnswerError, Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.deliberation.ballots import normalised
from nodes.teams.members import user
from nodes.templating import as_text
from nodes.views import debate_view

READ: Final = """Text:
{text}

Question: {question}

Does this text tell the answer? If it does, give it in as few words as it needs. Do not guess."""


class ReadConfig(Config):
    """How the text is cut, and how much is settled."""

    part: int = Field(
        default=6_000, ge=200, le=400_000, title="Part", description="Length of what one reader reads.",
        json_schema_extra={"unit": "characters"},
    )  # fmt: skip
    overlap: int = Field(
        default=300, ge=0, le=20_000, title="Overlap", description="What two parts share, so that no sentence is cut.",
        json_schema_extra={"unit": "characters"},
    )  # fmt: skip
    max_parts: int = Field(
        default=40, ge=1, le=500, title="Parts", description="The most readers; a longer text is refused.",
        json_schema_extra={"unit": "parts"},
    )  # fmt: skip
    max_conflicts: int = Field(
        default=6, ge=0, le=100, title="Conflicts", description="How often two readers read together at most.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip


class Finding(BaseModel):
    """What a reader says."""

    told: bool = Field(description="Whether the text tells the answer")
    answer: str = Field(default="", description="The answer, as short as it can be; empty when it is not told")


@dataclass(frozen=True)
class _Reader:
    name: str
    text: str
    answer: str = ""
    """'' where its part does not tell."""


@node(
    kind="teams.read_in_parts", family="teams", title="Read in parts",
    summary="A reader for each part of a long text", config=ReadConfig,
    inputs=(Port("text", "any", "What is read."), Port("question", "any", "What is asked of it.")),
    outputs=(
        Port("answer", "text", "What most readers say in the end, of equals the first; empty where nobody found it."),
        Port("findings", "list[record]", "Each reader: reader (numbers of its parts), answer, start of its text."),
    ),
    outcomes=("found", "divided", "not_found"), attaches=(Attach("model", "model"),),
    model_calls="1 for each part, + 1 for each conflict up to max_conflicts", icon="book-open-text",
    source="Zhao et al. 2024, LongAgent, https://arxiv.org/abs/2402.11550",
)  # fmt: skip
async def read_in_parts(inputs: Inputs, config: ReadConfig, ctx: Context) -> Route:
    """Read every part; while answers differ, let two who disagree read together."""
    question, parts = as_text(inputs["question"]), _parts(as_text(inputs["text"]), config)
    readers = [_Reader(str(number), text) for number, text in enumerate(parts, start=1)]
    readers = await together(lambda reader: _read(reader, question, ctx), readers)
    rounds = [readers]
    _show(rounds, ctx)
    while len(rounds) <= config.max_conflicts and (pair := _conflict(readers)):
        one, other = pair
        ctx.progress(f"parts {one.name} and {other.name} differ: {one.answer[:40]!r}, {other.answer[:40]!r}")
        both = _Reader(f"{one.name}+{other.name}", f"{one.text}\n[...]\n{other.text}")
        joint = await _read(both, question, ctx)
        readers = [joint if each is one else each for each in readers if each is not other]
        rounds.append([joint])
        _show(rounds, ctx)
    told = [reader.answer for reader in readers if reader.answer]
    keys = [normalised(answer) for answer in told]
    answer = told[max(range(len(told)), key=lambda i: keys.count(keys[i]))] if told else ""
    outcome = "divided" if _conflict(readers) else "found" if told else "not_found"
    findings = [{"reader": each.name, "answer": each.answer, "start": each.text[:80]} for each in readers]
    return Route(outcome, {"answer": answer, "findings": findings})


def _parts(text: str, config: ReadConfig) -> list[str]:
    """The text in pieces of at most ``part`` characters that share ``overlap``. Raises NodeError."""
    if not text.strip():
        raise NodeError("The text is empty", mend="Wire in what is to be read.")
    step = config.part - min(config.overlap, config.part // 2)
    starts = range(0, max(len(text) - (config.part - step), 1), step)
    if len(starts) > config.max_parts:
        raise NodeError(
            f"The text of {len(text):,} characters makes {len(starts)} parts, and 'Parts' is {config.max_parts}",
            mend="Raise 'Parts', or make the parts longer.",
        )
    return [text[start : start + config.part] for start in starts]


async def _read(reader: _Reader, question: str, ctx: Context) -> _Reader:
    """The reader with what it found; who cannot fill the form found nothing."""
    try:
        asked = [user(READ.format(text=reader.text, question=question))]
        found = await ask_for(ctx.model, asked, Finding, temperature=0)
    except AnswerError:
        return reader
    return _Reader(reader.name, reader.text, found.answer.strip() if found.told else "")


def _conflict(readers: Sequence[_Reader]) -> tuple[_Reader, _Reader] | None:
    """The first two whose answers differ."""
    told = [reader for reader in readers if reader.answer]
    other = next((each for each in told if normalised(each.answer) != normalised(told[0].answer)), None)
    return (told[0], other) if other else None


def _show(rounds: Sequence[Sequence[_Reader]], ctx: Context) -> None:
    said = [
        [{"speaker": f"part {r.name}", "text": r.text[:200], "answer": r.answer or "(not told)"} for r in readers]
        for readers in rounds
    ]
    ctx.show(debate_view(said))

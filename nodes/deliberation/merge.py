"""Several answers become one that is better than each: a mixture of agents.

Use it where answers complete each other: summaries, advice, plans. For answers that are right or wrong a
vote is cheaper. Members propose answers; in each further layer they write anew with all proposals of the
layer before in sight; at last an aggregator writes the answer from the last proposals. Answers that are
wired in take the place of the first proposals, and with ``layers`` 1 they are only merged.

Source: Wang et al. 2024, Mixture-of-Agents Enhances Large Language Model Capabilities
(https://arxiv.org/abs/2406.04692). We deviate: the aggregator is the node's model, the proposers the
attached roles or copies of it.
"""

from collections.abc import Sequence
from typing import Final

from pydantic import Field

from nodes.bounded import together
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, ask, copies_of, user
from nodes.templating import as_text
from nodes.views import debate_view

AGGREGATE: Final = """These answers were given to the question. Some may be wrong or one-sided.
Judge them, keep what is right, mend what is not, and write one answer that is better than each.
Answer the question itself; do not talk about the answers."""
SEEN: Final = "Question:\n{question}\n\n{answers}\n\n{instruction}"


class MergeConfig(Config):
    """Who proposes, and in how many layers."""

    members: int = Field(
        default=3, ge=2, le=12, title="Members", description="Copies of the model where no role is attached.",
        json_schema_extra={"unit": "members"},
    )  # fmt: skip
    layers: int = Field(
        default=1, ge=1, le=5, title="Layers", description="How often answers are proposed before the last is written.",
        json_schema_extra={"unit": "layers"},
    )  # fmt: skip
    instruction: str = Field(
        default=AGGREGATE, title="Merging", description="How several answers become one.", max_length=10_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    temperature: float = Field(
        default=0.7, ge=0, le=2, title="Temperature", description="Of the proposals; the last answer is written at 0."
    )


@node(
    kind="deliberation.merge", family="deliberation", title="Merge answers",
    summary="Write one answer from several", config=MergeConfig,
    inputs=(
        Port("question", "any", "What is asked."),
        Port("answers", "list[text]", "First proposals; the members' where none are wired.", required=False),
        MEMBERS,
    ),
    outputs=(
        Port("answer", "text", "The merged answer."),
        Port("proposals", "list[text]", "The last proposals it was written from."),
    ),
    attaches=TEAM, icon="merge",
    model_calls=f"members x layers + 1; with answers wired members x (layers - 1) + 1{WITH_TOOLS}",
    source="Wang et al. 2024, Mixture-of-Agents, https://arxiv.org/abs/2406.04692",
)  # fmt: skip
async def merge(inputs: Inputs, config: MergeConfig, ctx: Context) -> Outputs:
    """Propose, propose again with the proposals in sight, merge."""
    question = as_text(inputs["question"])
    if not question.strip():
        raise NodeError("The question is empty", mend="Wire in what is asked.")
    team = copies_of(ctx, config.members, "member", inputs.get("members"))
    given = [text for text in inputs.get("answers") or () if text.strip()]
    layers: list[dict[str, str]] = [{f"answer {n}": text for n, text in enumerate(given, start=1)}] if given else []
    while len(layers) < config.layers:
        ctx.progress(f"layer {len(layers) + 1} of {config.layers}")
        layers.append(await _propose(question, list(layers[-1].values()) if layers else [], team, config, ctx))
        _show(layers, "", ctx)
    proposals = [text for text in layers[-1].values() if text]
    if not proposals:
        raise NodeError("All proposals are empty", mend="Use a stronger model, or ask in another way.")
    reply = await ctx.model.chat([user(_prompt(question, proposals, config))], temperature=0)
    _show(layers, reply.text, ctx)
    return {"answer": reply.text.strip(), "proposals": proposals}


async def _propose(
    question: str, before: Sequence[str], members: Sequence[Role], config: MergeConfig, ctx: Context
) -> dict[str, str]:
    """Member -> its answer, all asked at the same time."""
    prompt = user(_prompt(question, before, config))
    texts = await together(lambda member: ask(ctx, member, prompt, temperature=config.temperature), members)
    return {member.name: text for member, text in zip(members, texts, strict=True)}


def _prompt(question: str, answers: Sequence[str], config: MergeConfig) -> str:
    if not answers:
        return question
    listed = "\n\n".join(f"Answer {number}:\n{text}" for number, text in enumerate(answers, start=1))
    return SEEN.format(question=question, answers=listed, instruction=config.instruction)


def _show(layers: Sequence[dict[str, str]], verdict: str, ctx: Context) -> None:
    ctx.show(debate_view([[{"speaker": n, "text": t} for n, t in each.items()] for each in layers], verdict=verdict))

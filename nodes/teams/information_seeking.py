"""Two sides, each knowing what the other does not, ask each other until the task can be answered.

Use it where knowledge is split and may not be pooled: two departments, two people's diaries. The first side
has the task. It lists the facts it needs and marks those its own knowledge fills; for each that is still
unknown it asks the other side, which answers from its own knowledge only, and may first ask back for one fact
the first side has. Each answer is entered in the list. It ends when nothing is unknown, or after
``max_questions``; ``incomplete`` is the outcome where a fact stayed unknown.
A side is an attached role with a memory of its own, or a text wired in. A small model lists the wrong facts:
with the built-in one wire the list in as ``needed``.

Source: Liu et al. 2024, Autonomous Agents for Collaborative Task under Information Asymmetry (iAgents,
https://arxiv.org/abs/2406.14928), InfoNav: a plan of what is unknown guides the questions. We deviate: one
pair of agents, and each fact is asked for once.
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.contract import Config, Context, Inputs, NodeError, Port, Role, Route, node
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, MemberSpec, ask, ask_member_for, members_of, user
from nodes.templating import as_text
from nodes.views import plan_view

UNKNOWN: Final = "UNKNOWN"
NEED: Final = """{first} and {second} have a task together:
{task}

{name} knows only about {name}. Which questions must {name} answer, so that the task can be done? Ask about {name}
alone. If the task were "Which film do Eve and Max both like?", the question to Max would be "Which films does Max
like?"."""
RECALL: Final = """{known}Question: {question}

Answer from what you know, in one sentence. If it is not there, answer with the one word UNKNOWN."""
KNOWN: Final = "What you know:\n{known}\n\n"
ASKS_BACK: Final = "ASK:"
BACK: Final = "If you cannot tell without one fact that {other} may know, answer with ASK: and your question for it."
ANSWER: Final = """Task:
{task}

Facts that were found:
{facts}

Do the task with these facts. Say so where a fact is missing."""


class SeekingConfig(Config):
    """The two sides, and how much they may ask."""

    max_facts: int = Field(
        default=5, ge=1, le=20, title="Facts", description="The most the list of needed facts holds; half a side.",
        json_schema_extra={"unit": "facts"},
    )  # fmt: skip
    max_questions: int = Field(
        default=6, ge=1, le=40, title="Questions", description="The most the first side asks the other.",
        json_schema_extra={"unit": "questions"},
    )  # fmt: skip
    names: tuple[str, str] = Field(
        default=("Ann", "Bob"), title="Names", description="Of the two sides where no roles are attached."
    )


class Needed(BaseModel):
    """What has to be known."""

    questions: list[str] = Field(description="Short questions to this one person, one for each fact")


@node(
    kind="teams.information_seeking", family="teams", title="Information seeking",
    summary="Two sides ask each other what each knows", config=SeekingConfig,
    inputs=(
        Port("task", "any", "What the first side has to do."),
        Port("first_knows", "any", "What only the first side knows.", required=False),
        Port("second_knows", "any", "What only the other side knows.", required=False),
        Port("needed", "list[text]", "The needed facts as questions; else the model's.", required=False),
        MEMBERS,
    ),
    outputs=(
        Port("answer", "text", "The answer from the facts that were found."),
        Port("facts", "plan", "Each needed fact as a step: done with its value, or failed where nobody knows it."),
        Port("dialogue", "list[record]", "What was asked and said: speaker, to, text."),
    ),
    outcomes=("complete", "incomplete"), attaches=TEAM, icon="message-circle-question-mark",
    model_calls=f"3 + 1 x max_facts + up to 3 x max_questions{WITH_TOOLS}",
    source="Liu et al. 2024, iAgents, https://arxiv.org/abs/2406.14928",
)  # fmt: skip
async def information_seeking(inputs: Inputs, config: SeekingConfig, ctx: Context) -> Route:
    """List what is needed; fill it from one's own knowledge; ask the other side for the rest; answer."""
    task = as_text(inputs["task"])
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what is to be done.")
    (first, own), (second, others) = _sides(inputs, config, ctx)
    questions = inputs.get("needed") or await _needed(first, second, task, config)
    titles = list(dict.fromkeys(each.strip() for each in questions if each.strip()))[: config.max_facts]
    plan: dict[str, Any] = {"goal": task, "steps": [
        {"id": str(n), "title": title, "status": "open", "result": None} for n, title in enumerate(titles, start=1)
    ]}  # fmt: skip
    for step in plan["steps"]:
        _fill(step, await _recall(first, own, step["title"], ctx))
    ctx.show(plan_view(plan))
    dialogue: list[dict[str, str]] = []
    for step in [each for each in plan["steps"] if each["status"] == "open"][: config.max_questions]:
        question = step["title"]
        dialogue.append({"speaker": first.name, "to": second.name, "text": question})
        said = await _recall(second, others, f"{question}\n{BACK.format(other=first.name)}", ctx)
        if said.upper().startswith(ASKS_BACK):
            dialogue.append({"speaker": second.name, "to": first.name, "text": said})
            told = await _recall(first, own, said[len(ASKS_BACK) :].strip(), ctx)
            dialogue.append({"speaker": first.name, "to": second.name, "text": told})
            said = await _recall(second, f"{others}\n{first.name} says: {told}", question, ctx)
        dialogue.append({"speaker": second.name, "to": first.name, "text": said})
        _fill(step, said)
        step["status"] = "done" if step["result"] else "failed"
        ctx.progress(f"{_open(plan)} of {len(plan['steps'])} facts are still unknown")
        ctx.show(plan_view(plan))
    answer = await ask(ctx, first, user(ANSWER.format(task=task, facts=_facts(plan))))
    outputs = {"answer": answer, "facts": plan, "dialogue": dialogue}
    return Route("incomplete" if _open(plan) else "complete", outputs)


def _sides(inputs: Inputs, config: SeekingConfig, ctx: Context) -> Sequence[tuple[Role, str]]:
    """The two roles, each with the text wired in for it. Raises NodeError where the other side knows nothing."""
    known = as_text(inputs.get("first_knows")), as_text(inputs.get("second_knows"))
    two = [MemberSpec(name=name, persona=f"You are {name}.") for name in config.names]
    roles = members_of(ctx, two, inputs.get("members"))
    if len(roles) != 2:
        raise NodeError(f"The team has {len(roles)} members", mend="Give two: who has the task, and who is asked.")
    if not known[1].strip() and roles[1].memory is None:
        raise NodeError(
            f"{roles[1].name} knows nothing", mend="Wire 'second_knows', or attach a role with a memory of its own."
        )
    return tuple(zip(roles, known, strict=True))


async def _needed(first: Role, second: Role, task: str, config: SeekingConfig) -> list[str]:
    """Questions to both sides, at most half of the facts for each."""
    questions: list[str] = []
    for side in (first, second):
        asked = NEED.format(first=first.name, second=second.name, name=side.name, task=task)
        found = (await ask_member_for(first, Needed, user(asked))).questions
        questions += [each.strip() for each in found if each.strip()][: (config.max_facts + 1) // 2]
    return questions


async def _recall(side: Role, known: str, question: str, ctx: Context) -> str:
    """What the side knows of it, from its text and its own memory; ``UNKNOWN`` where it is not there."""
    if not known.strip() and side.memory is None:
        return UNKNOWN
    return await ask(
        ctx, side, user(RECALL.format(known=KNOWN.format(known=known) if known else "", question=question))
    )


def _fill(step: dict[str, Any], said: str) -> None:
    """Enter what was said, unless it is that nothing is known."""
    if said.strip() and UNKNOWN not in said.upper():
        step.update(status="done", result=said.strip())


def _open(plan: dict[str, Any]) -> int:
    return sum(step["status"] != "done" for step in plan["steps"])


def _facts(plan: dict[str, Any]) -> str:
    lines = [f"- {step['title']} {step['result']}" for step in plan["steps"] if step["status"] == "done"]
    missing = [f"- {step['title']} (nobody knows)" for step in plan["steps"] if step["status"] == "failed"]
    return "\n".join([*lines, *missing]) or "- none"

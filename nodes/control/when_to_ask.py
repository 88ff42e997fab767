"""Decide whether a person should be asked now, within a budget of questions.

Use it before a step a person could decide better: ``ask`` leads to "Ask a person" with the ``question``
the model wrote, ``go_on`` past it. The model says how sure it is that the work can go on as it is; below
``min_confidence`` a person is asked, as long as questions are left in this run. When none is left no
model is called. It counts the questions of this run as far as the run's history reaches back.

Source: Feng et al. 2024, Large Language Model-based Human-Agent Collaboration for Complex Task Solving
(ReHAC). We deviate: the paper trains the policy by reinforcement learning and weighs each question's cost
in the reward; here the model is asked how sure it is, and the cost is a threshold and a budget.
"""

from typing import Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.templating import as_text

PROMPT: Final = """You work on a task and may ask a person one question. {advice}

Task:
{task}

So far:
{work}

What is missing or could go wrong? How sure are you that you can go on without asking?
1 means you would only guess, 10 means nothing is open. Then write the one question you would ask."""
ADVICE: Final = "Ask only what you cannot find out yourself: wishes, permissions, facts only the person has."


class WhenToAskConfig(Config):
    """How many questions, and how sure is sure enough."""

    max_questions: int = Field(
        default=2, ge=0, le=100, title="Questions", description="How often a person is asked at most in one run.",
        json_schema_extra={"unit": "questions"},
    )  # fmt: skip
    min_confidence: int = Field(
        default=6, ge=1, le=10, title="Sure enough", description="From this on it goes on alone: 1 guessing, 10 sure."
    )
    advice: str = Field(
        default=ADVICE, title="Advice", description="What is worth asking.", max_length=2_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip


class Doubt(BaseModel):
    """How sure the model is."""

    missing: str = Field(description="In one short sentence: what is missing or could go wrong.")
    confidence: int = Field(ge=1, le=10, description="1 guessing, 10 sure")
    question: str = Field(description="The one question to the person.")


@node(
    kind="control.when_to_ask", family="control", title="When to ask", summary="Decide whether a person is asked now",
    config=WhenToAskConfig,
    inputs=(
        Port("task", "any", "What is to be done."),
        Port("work", "any", "What was done so far, or the step that comes next.", required=False),
    ),
    outputs=(
        Port("question", "text", "What the person should be asked; empty where none is."),
        Port("confidence", "number", "1 guessing to 10 sure; 0 where the model was not asked."),
        Port("left", "number", "Questions left after this one."),
    ),
    outcomes=("ask", "go_on"), attaches=(Attach("model", "model"),), model_calls="0 or 1", icon="circle-help",
    source="Feng et al. 2024, LLM-based Human-Agent Collaboration for Complex Task Solving (ReHAC)",
)  # fmt: skip
async def when_to_ask(inputs: Inputs, config: WhenToAskConfig, ctx: Context) -> Route:
    """Go on where no question is left or the model is sure; else ask."""
    asked = sum(e.event == "node" and e.name == ctx.node_id and e.outcome == "ask" for e in ctx.history)
    left = max(config.max_questions - asked, 0)
    if left == 0:
        ctx.progress("no questions left; going on")
        return Route("go_on", {"question": "", "confidence": 0, "left": 0})
    prompt = PROMPT.format(
        advice=config.advice, task=as_text(inputs["task"]), work=as_text(inputs.get("work")) or "nothing yet"
    )
    doubt = await ask_for(ctx.model, [{"role": "user", "content": prompt}], Doubt, temperature=0)
    ctx.progress(f"sure {doubt.confidence} of 10: {doubt.missing}")
    if doubt.confidence >= config.min_confidence or not doubt.question.strip():
        return Route("go_on", {"question": "", "confidence": doubt.confidence, "left": left})
    return Route("ask", {"question": doubt.question.strip(), "confidence": doubt.confidence, "left": left - 1})

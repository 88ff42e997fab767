"""Write the plan as typed pseudocode, check it, and turn it into steps.

Use it where a plan has branches and loops, or where tools are called with exact arguments: what a sentence
leaves open, code has to say. Every call is checked against the attached tools' parameters, every name must be
defined before it is read, and types must fit; faults are sent back with their lines, at most ``max_repairs``
times. What reads a value waits for the step that defines it, so "Work through a graph" can run the result.
With ``code`` wired in, that is checked first and no model is asked when it is right.

Source: Yang et al. 2025, CodeAgents: A Token-Efficient Framework for Codified Multi-Agent Reasoning in LLMs.
We deviate: the code is a plan that is checked and drawn, never run as a program; branches and loops become
steps that those inside them wait for, and whoever does a step decides its condition.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, Tool, node
from nodes.planning.pseudocode_check import read
from nodes.templating import as_text
from nodes.views import plan_view

SYSTEM: Final = """You write plans as short pseudocode in Python's grammar. Use only assignments to plain names,
calls, if, for and return: no class, def, import, while, print, a.b or {{}}. Call only these functions, tools with
named arguments:
{functions}
ask("what to do", values...) lets the team do anything else. Names you may read at once: goal, context.
Types, where they matter: text, number, boolean, list, record. Answer with the code alone."""
SHOWN: Final = (  # a turn that shows how: small models follow what was answered before more than what they are told
    ("user", "Goal: Say what a lamp of 120 euros net costs.\n\nWrite the plan."),
    ("assistant", """price: number = ask("Read the net price", goal)
if price > 100:
    price = ask("Take 5 % off", price)
return ask("Say what it costs", price)"""),
)  # fmt: skip
ASK: Final = "{context}Goal: {goal}\n\nWrite the plan."
KNOWN: Final = "What is known (the name context):\n{context}\n\n"
AGAIN: Final = """The code has these faults:
{problems}

Write the whole plan again, mended. What no tool does is a step in words: ask("what to do", values...)."""
NAMES: Final = ("goal", "context")
_FENCE: Final = re.compile(r"```(?:\w+)?\n(.*?)```", re.DOTALL)


class PseudocodeConfig(Config):
    """How often the code may be mended."""

    max_repairs: int = Field(
        default=2, ge=0, le=10, title="Repairs", description="How often faulty code is sent back at most.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    max_steps: int = Field(
        default=20, ge=1, le=100, title="Steps", description="The most a plan may have.",
        json_schema_extra={"unit": "steps"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="planning.pseudocode", family="planning", title="Plan as pseudocode",
    summary="A typed plan with ifs and loops, checked", config=PseudocodeConfig,
    inputs=(
        Port("goal", "text", "What is to be reached."),
        Port("context", "any", "What is known: recalled memories, documents, ...", required=False),
        Port("code", "text", "Pseudocode that is there already.", required=False),
    ),
    outputs=(
        Port("plan", "plan", "The steps, each with what it needs and what it stands in."),
        Port("code", "text", "The pseudocode as it was checked."),
    ),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True),
    ),
    model_calls="0 to 1 + max_repairs", icon="braces", source="Yang et al. 2025, CodeAgents",
)  # fmt: skip
async def pseudocode(inputs: Inputs, config: PseudocodeConfig, ctx: Context) -> Outputs:
    """Write, check, mend."""
    goal = inputs["goal"].strip()
    if not goal:
        raise NodeError("The goal is empty", mend="Wire a text that says what is to be reached.")
    messages = _messages(goal, as_text(inputs.get("context")), ctx.tools)
    code = str(inputs.get("code") or "").strip() or await _written(messages, config, ctx)
    reading = read(code, ctx.tools, NAMES)
    for repair in range(1, config.max_repairs + 1):
        if not reading.problems:
            break
        ctx.progress(f"repair {repair} of {config.max_repairs}: {reading.problems[0]}")
        again = AGAIN.format(problems="\n".join(reading.problems))
        said = [{"role": "assistant", "content": code}, {"role": "user", "content": again}]
        code = await _written([*messages, *said], config, ctx)
        reading = read(code, ctx.tools, NAMES)
    if reading.problems:
        raise NodeError(
            f"The pseudocode has faults: {'; '.join(reading.problems)}",
            mend="Raise 'Repairs', say the goal more concretely, or use a stronger model.",
        )
    if len(reading.steps) > config.max_steps:
        raise NodeError(
            f"The plan has {len(reading.steps)} steps; at most {config.max_steps} are allowed", mend="Raise 'Steps'."
        )
    plan = {"goal": goal, "steps": reading.steps}
    ctx.show(plan_view(plan))
    return {"plan": plan, "code": code}


def _messages(goal: str, context: str, tools: Sequence[Tool]) -> list[dict[str, Any]]:
    functions = "\n".join(f"{_signature(tool)}: {tool.description}" for tool in tools) or "(no tools)"
    user = ASK.format(context=KNOWN.format(context=context) if context else "", goal=goal)
    turns = [("system", SYSTEM.format(functions=functions)), *SHOWN, ("user", user)]
    return [{"role": role, "content": content} for role, content in turns]


def _signature(tool: Tool) -> str:
    return f"{tool.name}({', '.join(f'{name}=...' for name in tool.parameters.get('properties', {}))})"


async def _written(messages: list[dict[str, Any]], config: PseudocodeConfig, ctx: Context) -> str:
    """The code of the model's answer, without the fence small models put around it."""
    text = (await ctx.model.chat(messages, temperature=config.temperature)).text
    fenced = _FENCE.search(text)
    return (fenced[1] if fenced else text).strip()

"""Find the step at which a run of a workflow went wrong: correct one, run on from it, and see whether that mends it.

Use it behind "Run a workflow" where the answer is wrong: wire its ``steps`` in. The model names the step it suspects
and writes what should have come of it; the run goes on from there, all steps before it taken over and all after it
run anew. Where the answer is right then, that step decided; where not, the model is told and suspects another.
``correction`` is what to tell that step next time. What it costs: a call and the rest of the workflow, each try.

Source: Zhang et al. 2025, AgenTracer: Who Is Inducing Failure in the LLM Agentic Systems?, its counterfactual replay;
Zhu et al. 2025, Where LLM Agents Fail and How They can Learn From Failures (AgentDebug), for feedback to the step at
fault. We deviate: the tracer is prompted, not trained, and only steps that give a text can be corrected.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.conditions import Condition
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.templating import as_text
from nodes.views import table_view
from nodes.workflows.checks import Check, right
from nodes.workflows.documents import document_of

SUSPECT: Final = """A workflow of several steps gave a wrong result.

Its inputs: {inputs}
Expected: {expected}

The steps, in order:
{steps}
{tried}
Which step went wrong first, so that the later ones could not be right? Say why, and write what it should have given
instead: the whole corrected output of that step, in its form."""
TRIED: Final = "\nThese were corrected, and the result was still wrong:\n{tried}\n"
SHOWN: Final = 1_200  # characters of a value


class FindFaultConfig(Config):
    """What is right, and how often it is tried."""

    check: Check = Field(
        default="contains", title="Check", description="exact, contains, number (the last one) or cel (a condition)."
    )
    condition: Condition = Field(
        default="answer == expected", title="Condition", description="For the check cel: over answer and expected.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    max_tries: int = Field(
        default=3, ge=1, le=20, title="Tries", description="The most corrections that are run on from.",
        json_schema_extra={"unit": "runs"},
    )  # fmt: skip
    max_steps: int = Field(
        default=100, ge=1, le=10_000, title="Steps", description="Node runs of each try.",
        json_schema_extra={"unit": "steps", "advanced": True},
    )  # fmt: skip


@node(
    kind="workflows.find_fault", family="workflows", title="Find the fault",
    summary="Which step made a run fail, by mending it", config=FindFaultConfig,
    inputs=(
        Port("workflow", "any", "The document, its YAML, or the id or title of a saved one."),
        Port("inputs", "record", "Those of the run that went wrong."),
        Port("steps", "list[record]", "The steps of that run, as 'Run a workflow' gives them."),
        Port("expected", "any", "What the first output should be."),
    ),
    outputs=(
        Port("step", "record", "The step at fault; where none was proven, the first suspected."),
        Port("correction", "text", "What it should have given."),
        Port("reason", "text", "Why it is suspected."),
        Port("tries", "list[record]", "Each: number, node, reason, correction, answer, right."),
    ),
    outcomes=("found", "not_found"), attaches=(Attach("model", "model"),), side_effects=True,
    model_calls="1 to max_tries, and those of the workflow", icon="crosshair",
    source="Zhang et al. 2025, AgenTracer",
)  # fmt: skip
async def find_fault(inputs: Inputs, config: FindFaultConfig, ctx: Context) -> Route:
    """Suspect, correct, run on; until the result is right."""
    document = document_of(inputs["workflow"], ctx)
    steps = {step["number"]: step for step in inputs["steps"] if _text_port(step)}
    if not steps:
        raise NodeError("No step gave a text that could be corrected", mend="Wire in the steps of a whole run.")
    tries: list[dict[str, Any]] = []
    while len(tries) < min(config.max_tries, len(steps)):
        tries.append(await _try(document, steps, tries, inputs, config, ctx))
        ctx.progress(f"step {tries[-1]['number']} corrected: {'right' if tries[-1]['right'] else 'still wrong'}")
        rows = [[each["number"], each["node"], each["reason"], each["right"]] for each in tries]
        ctx.show(table_view(["step", "node", "reason", "mends it"], rows, title="Suspects"))
        if tries[-1]["right"]:
            break
    chosen = next((each for each in tries if each["right"]), tries[0])
    outputs = {
        "step": steps[chosen["number"]], "correction": chosen["correction"], "reason": chosen["reason"], "tries": tries,
    }  # fmt: skip
    return Route("found" if chosen["right"] else "not_found", outputs)


async def _try(
    document: Mapping[str, Any], steps: Mapping[int, Mapping[str, Any]], tries: Sequence[Mapping[str, Any]],
    inputs: Inputs, config: FindFaultConfig, ctx: Context,
) -> dict[str, Any]:  # fmt: skip
    """One suspicion, and what came of the run with its correction."""
    tried = "\n".join(f"- step {each['number']}: {_short(each['correction'])}" for each in tries)
    prompt = SUSPECT.format(
        inputs=_short(inputs["inputs"]), expected=_short(inputs["expected"]),
        steps="\n".join(_told(step) for step in inputs["steps"]), tried=TRIED.format(tried=tried) if tried else "",
    )  # fmt: skip
    left = tuple(number for number in steps if number not in [each["number"] for each in tries])
    said: Any = await ask_for(ctx.model, [{"role": "user", "content": prompt}], suspect_schema(left), temperature=0)
    step, kept = steps[said.step], [each for each in inputs["steps"] if each["number"] < said.step]
    mended = {**step, "outputs": {**step["outputs"], _text_port(step): said.correction}, "error": ""}
    result = await ctx.workshop.run(document, inputs["inputs"], max_steps=config.max_steps, kept=[*kept, mended])
    answer = next(iter(result.outputs.values()), None)
    mends = result.status == "done" and right(answer, inputs["expected"], config.check, config.condition)
    told = {"reason": said.reason, "correction": said.correction, "answer": answer, "right": mends}
    return {"number": said.step, "node": step["node"], **told}


def _text_port(step: Mapping[str, Any]) -> str:
    """The first output of a step that holds a text; '' where none does, or it stands in a sub-workflow."""
    if step.get("within") or step.get("kind") in ("start", "finish"):
        return ""
    return next((name for name, value in (step.get("outputs") or {}).items() if isinstance(value, str)), "")


def _told(step: Mapping[str, Any]) -> str:
    came = step.get("error") or _short(step.get("outputs"))
    name = f"{step['number']}. {step.get('label') or step['node']} ({step.get('kind', '')})"
    return f"{name}\n   given: {_short(step.get('inputs'))}\n   gave: {came}"


def _short(value: Any) -> str:
    text = as_text(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


@lru_cache(maxsize=64)
def suspect_schema(steps: tuple[int, ...]) -> type[BaseModel]:
    """``{"reason", "step": one of steps, "correction"}``."""
    step: Any = Literal[steps]
    return create_model(
        "Suspect",
        reason=(str, Field(description="In one or two sentences: what went wrong there", max_length=600)),
        step=(step, Field(description="Its number")),
        correction=(str, Field(description="The whole output it should have given")),
    )

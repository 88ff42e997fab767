"""A model writes a prompt of a workflow anew, knowing what went wrong; its variables must stay."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Context
from nodes.templating import TemplateError, variables
from nodes.workflows.documents import PromptPlace

PROMPT: Final = """This is the prompt of one step of a workflow that is to {purpose}:

<prompt>
{prompt}
</prompt>
{feedback}
Write a better prompt for this step. {advice}
Keep every {{{{variable}}}} exactly as it stands; add no others. Write nothing but the prompt."""
FEEDBACK: Final = "\nWhat went wrong with it so far:\n{feedback}\n"
ADVICE: Final = "Be concrete: say how to go about it, what to mind, and what the answer must look like."
_TAG: Final = re.compile(r"\{\{[#^/]?\s*[a-z][a-z0-9_.]*\s*\}\}")


class NewPrompt(BaseModel):
    """The step's prompt, written anew."""

    why: str = Field(description="In one short sentence: what is changed and why.")
    prompt: str = Field(description="The whole new prompt.")


async def reword(
    document: Mapping[str, Any], place: PromptPlace, feedback: str, ctx: Context, *, advice: str = ADVICE,
    temperature: float | None = 0.7,
) -> str | None:  # fmt: skip
    """The new prompt; None where the model changed nothing or would break the template.

    Variables the model left out are put back at the end, for small models forget them.
    """
    purpose = str(document.get("summary") or document.get("title") or "solve tasks").rstrip(".")
    told = FEEDBACK.format(feedback=feedback) if feedback.strip() else ""
    prompt = PROMPT.format(purpose=purpose, prompt=place.text, feedback=told, advice=advice)
    said = await ask_for(ctx.model, [{"role": "user", "content": prompt}], NewPrompt, temperature=temperature)
    text = _completed(said.prompt.removeprefix("<prompt>").removesuffix("</prompt>").strip(), place.text)
    try:
        same = dict(variables(text)) == dict(variables(place.text))
    except TemplateError:
        return None
    return text if same and text != place.text else None


def _completed(text: str, old: str) -> str:
    """With the lines of the old prompt whose variables the new one lacks."""
    there = set(_TAG.findall(text))
    lost = [line for line in old.splitlines() if any(tag not in there for tag in _TAG.findall(line))]
    return "\n".join([text, "", *lost]) if lost else text

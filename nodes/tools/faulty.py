"""A tool that fails now and then, around one that works.

Attach it between a tool and an agent to see whether the agent notices and finds another way. Faults are an
error, a time-out, an empty answer, or a wrong one that looks right; which call gets which is drawn from the
seed, so that a run can be repeated. With "for good", a tool that failed with an error stays away, as a
service that is gone does.

Source: Wang et al. 2025, Hell or High Water: Evaluating Agentic Recovery from External Failures
(https://arxiv.org/abs/2508.11027). We deviate: empty and wrong answers beside errors, drawn by chance.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import Field

from nodes.contract import Attach, Attached, Config, NodeError, NodeSpec, Tool, ToolResult
from nodes.tools.tool import failure

Fault = Literal["error", "timeout", "empty", "wrong"]

FAULTS: Final[tuple[Fault, ...]] = ("error", "timeout", "empty", "wrong")
ERROR: Final = "{name} failed: the service answered 500 Internal Server Error"
TIMEOUT: Final = "{name} did not answer in time"
GONE: Final = "{name} is not available any more"
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


class FaultyConfig(Config):
    """How often, and what goes wrong."""

    rate: float = Field(
        default=0.3, ge=0, le=1, title="Rate", description="Share of calls that go wrong; 1: all of them."
    )
    faults: tuple[Fault, ...] = Field(
        default=FAULTS, title="Faults", description="What may go wrong; each as likely as the others.",
        min_length=1, max_length=4,
    )  # fmt: skip
    for_good: bool = Field(default=False, title="For good", description="After its first error the tool stays away.")
    seed: int = Field(
        default=0, ge=0, le=2**31, title="Seed", description="The same seed gives the same faults.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@dataclass
class FaultyTool:
    """The face of the tool inside, and its faults."""

    inner: Tool
    config: FaultyConfig
    calls: int = 0
    gone: bool = False

    @property
    def name(self) -> str:
        """That of the tool inside."""
        return self.inner.name

    @property
    def description(self) -> str:
        """That of the tool inside."""
        return self.inner.description

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of the tool inside."""
        return self.inner.parameters

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        """The inner tool's result, or a fault in its place; the inner tool is only called where its result is used."""
        self.calls += 1
        chance = random.Random(f"{self.config.seed}/{self.name}/{self.calls}")  # noqa: S311 - to be repeatable
        if self.gone:
            return failure(GONE.format(name=self.name))
        if chance.random() >= self.config.rate:
            return await self.inner.call(arguments)
        fault = chance.choice(self.config.faults)
        self.gone = self.config.for_good and fault == "error"
        match fault:
            case "error":
                return failure(ERROR.format(name=self.name))
            case "timeout":
                return failure(TIMEOUT.format(name=self.name))
            case "empty":
                return ToolResult("")
            case "wrong":
                return falsified(await self.inner.call(arguments), chance)


def falsified(result: ToolResult, chance: random.Random) -> ToolResult:
    """A result that looks right: its numbers changed, or where it has none, its words in another order."""
    if _NUMBER.search(result.text):
        return ToolResult(_NUMBER.sub(lambda found: _other(found[0], chance), result.text), failed=result.failed)
    words = result.text.split()
    chance.shuffle(words)
    return ToolResult(" ".join(words), failed=result.failed)


def _other(number: str, chance: random.Random) -> str:
    """Another number of as many digits: each is moved by 1 to 9."""
    return "".join(str((int(letter) + chance.randint(1, 9)) % 10) if letter.isdigit() else letter for letter in number)


def make_faulty(config: Any, attached: Attached) -> Tool:
    """The tool around the attached one. Raises NodeError where none is attached."""
    if not attached.tools:
        raise NodeError("The faulty tool has no tool inside", mend="Attach the tool that shall fail to it.")
    return FaultyTool(attached.tools[0], config)


faulty = NodeSpec(
    kind="tool.faulty", family="resources", title="Faulty tool", summary="Makes an attached tool fail now and then",
    config=FaultyConfig, outcomes=(), provides="tool", make_tool=make_faulty,
    attaches=(Attach("tool", "tool", required=True),), icon="unplug", doc=__doc__ or "",
    source="Wang et al. 2025, Hell or High Water, https://arxiv.org/abs/2508.11027",
)  # fmt: skip

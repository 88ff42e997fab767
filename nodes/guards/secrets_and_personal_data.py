"""Keeps keys and personal data from leaving by a tool call, and from coming in with a result.

Attach it below an agent, or any node that calls tools. Use it where an agent both reads private things
and can send. It finds API keys, passwords, e-mail addresses, telephone numbers, IBANs and card numbers.
In arguments it refuses the call or lets it be; in results it writes ``[email 1]`` in their place, or
refuses. Nothing leaves the machine for the check. A value in another spelling (encoded, in words) is not
found: it lowers the risk, it does not end it.

Source: Nodeloom; the finders follow the common practice of data loss prevention, with the check sums of
ISO/IEC 7812 (Luhn) for cards and ISO 13616 (mod 97) for IBANs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from nodes.contract import Config, Context, Decision, NodeSpec, ToolResult
from nodes.guards.policy import ALLOWED, OpenPolicy, texts, withheld
from nodes.guards.sensitive import SORTS, Found, Sort, find, redacted, summary


class SecretsConfig(Config):
    """What is looked for, and what is done."""

    look_for: tuple[Sort, ...] = Field(
        default=SORTS, title="Look for", description="Sorts of data to find.", min_length=1, max_length=len(SORTS)
    )
    outgoing: Literal["refuse", "allow"] = Field(
        default="refuse", title="In arguments", description="refuse: a call that carries them is not made."
    )
    incoming: Literal["redact", "refuse", "allow"] = Field(
        default="redact", title="In results",
        description="redact: a mark stands in their place; refuse: the result is withheld.",
    )  # fmt: skip
    allowed: tuple[str, ...] = Field(
        default=(), title="Allowed values", description="Values that may pass, such as a public address; exact text.",
        max_length=100, json_schema_extra={"advanced": True},
    )  # fmt: skip


@dataclass(frozen=True)
class SecretsPolicy(OpenPolicy):
    """Looks into every text of the arguments and of the result."""

    config: SecretsConfig

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
        """Refused, with the sorts that were found and never the values."""
        text = "\n".join(texts(dict(arguments)))
        found = self._found(text) if self.config.outgoing == "refuse" else []
        if not found:
            return ALLOWED
        return Decision(False, f"the arguments of {tool!r} carry {summary(found)}; leave them out")

    async def after(self, tool: str, result: ToolResult, ctx: Context) -> ToolResult:
        """With marks in place of the values, or withheld."""
        text, data = self._cleaned(result.text), self._cleaned(result.data)
        if self.config.incoming == "allow" or (text == result.text and data == result.data):
            return result
        said = summary(self._found("\n".join([result.text, *texts(result.data)])))
        ctx.progress(f"{tool}: {said} {'withheld' if self.config.incoming == 'refuse' else 'redacted'}")
        if self.config.incoming == "refuse":
            return withheld(f"it carries {said}")
        return ToolResult(text, data, result.failed)

    def _found(self, text: str) -> list[Found]:
        found = find(text, self.config.look_for)
        return [each for each in found if text[each.start : each.end] not in self.config.allowed]

    def _cleaned(self, value: Any) -> Any:
        if isinstance(value, str):
            return redacted(value, self._found(value))
        if isinstance(value, Mapping):
            return {self._cleaned(key): self._cleaned(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._cleaned(each) for each in value]
        is_card = isinstance(value, int) and bool(self._found(str(value)))
        return self._cleaned(str(value)) if is_card else value


def make_secrets(config: SecretsConfig) -> SecretsPolicy:
    """The policy of these settings."""
    return SecretsPolicy("secrets and personal data", config)


secrets_and_personal_data = NodeSpec(
    kind="guards.secrets_and_personal_data", family="guards", title="Secrets and privacy",
    summary="Keeps keys and personal data from leaking", config=SecretsConfig, outcomes=(), provides="policy",
    make_policy=make_secrets, doc=__doc__ or "", icon="key-round",
    source="Nodeloom; check sums of ISO/IEC 7812 and ISO 13616",
)  # fmt: skip

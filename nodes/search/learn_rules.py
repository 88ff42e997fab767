"""Learn rules of a world from what was tried in it: as code, kept only where they hold.

Use it before "Look ahead": let an agent explore, collect each try as a record (situation, action, success), and
learn which actions fail when. The model writes rules as small Python functions; each is run sealed off on every try
and kept only where it is never wrong; rules that fail are given back with the tries they get wrong. Of what holds,
the fewest are chosen that explain most. ``code`` is one function, ``predict(situation, action)``, which says true,
false, or nothing where no rule applies: run it with "Run code" at the world model's socket, or wire ``text`` in as
knowledge.

Source: Zhou et al. 2025, WALL-E 2.0: World Alignment by NeuroSymbolic Learning: rules as code, verified on
trajectories and selected by maximum coverage. We deviate: situations are what the records say, and there are no
knowledge or scene graphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.snippet_text import plain, without_fence
from nodes.snippets import run_snippet
from nodes.templating import as_text
from nodes.views import table_view

WRITE: Final = """In a world these actions were tried:
{tries}

Find rules that say from the situation and the action whether it succeeds. Write each as a Python function
rule(situation, action) that returns True (it succeeds), False (it fails) or None (the rule does not apply). situation
and action are {shapes}. Use only the standard library. For example:
def rule(situation, action):
    if action == "cut wood" and "axe" not in situation:
        return False{wrong}"""
WRONG: Final = "\n\nThese rules were wrong; mend them or find others:\n{rules}"
TRY: Final = ("situation", "action", "success")
SHOWN: Final = 40  # tries in the prompt
PARALLEL: Final = 2  # snippets at the same time: each is a process
PREDICT: Final = """def predict(situation, action):
    for rule in ({names},):
        try:
            said = rule(situation, action)
        except Exception:
            said = None
        if said is not None:
            return said
    return None
"""


class LearnRulesConfig(Config):
    """How many rules, and how often they are mended."""

    max_rules: int = Field(default=5, ge=1, le=30, title="Rules", description="The most that are kept.")
    rounds: int = Field(
        default=2, ge=1, le=10, title="Rounds", description="How often rules are written, one call each.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    max_tries: int = Field(
        default=500, ge=1, le=5_000, title="Tries", description="The most that are looked at, the newest.",
        json_schema_extra={"unit": "tries", "advanced": True},
    )  # fmt: skip
    seconds: float = Field(
        default=5, gt=0, le=60, title="Time", description="Longest time a rule may compute over all tries.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip


class Rule(BaseModel):
    """A rule as the model writes it."""

    says: str = Field(description="the rule in one sentence", max_length=300)
    code: str = Field(description="def rule(situation, action): ...", max_length=4_000)


class Rules(BaseModel):
    """What the model writes."""

    rules: list[Rule] = Field(min_length=1, max_length=10)


@dataclass
class Held:
    """A rule and the tries it explains; where it is no good, why."""

    rule: Rule
    covers: set[int] = field(default_factory=set[int])
    wrong: str = ""


@node(
    kind="search.learn_rules", family="search", title="Learn rules", summary="Rules of a world as code that holds",
    config=LearnRulesConfig,
    inputs=(Port("tries", "list[record]", "What was tried: situation, action, success (true or false)."),),
    outputs=(
        Port("rules", "list[record]", "Each: says, code, covers (how many tries it explains), the best first."),
        Port("text", "text", "The rules as sentences, for a prompt; empty where none holds."),
        Port("code", "text", "One function predict(situation, action); empty where none holds."),
        Port("coverage", "number", "Share of the tries that some rule explains, 0 to 1."),
    ),
    outcomes=("learned", "none"), attaches=(Attach("model", "model"),), model_calls="1 to rounds", icon="microscope",
    source="Zhou et al. 2025, WALL-E 2.0",
)  # fmt: skip
async def learn_rules(inputs: Inputs, config: LearnRulesConfig, ctx: Context) -> Route:
    """Write rules, hold them against all tries, write again by what was wrong; choose the fewest that explain most."""
    tries = _tries(inputs["tries"])[-config.max_tries :]
    holding, failing = list[Held](), list[Held]()
    for number in range(1, config.rounds + 1):
        written = (await _written(tries, failing, ctx)).rules
        held = await together(lambda rule: _held(rule, tries, config), written, limit=PARALLEL)
        holding += [each for each in held if not each.wrong]
        failing = [each for each in held if each.wrong]
        ctx.progress(f"round {number}: {len(held) - len(failing)} of {len(held)} rules hold")
        if not failing or len(_covered(holding)) == len(tries):
            break
    chosen = selected(holding, config.max_rules)
    ctx.show(table_view(["rule", "explains"], [[each.rule.says, len(each.covers)] for each in chosen], title="Rules"))
    rules = [{"says": each.rule.says, "code": each.rule.code, "covers": len(each.covers)} for each in chosen]
    outputs = {
        "rules": rules, "text": "\n".join(f"- {each['says']}" for each in rules), "code": predictor(chosen),
        "coverage": round(len(_covered(chosen)) / len(tries), 4),
    }  # fmt: skip
    return Route("learned" if chosen else "none", outputs)


def _tries(given: Sequence[Any]) -> list[dict[str, Any]]:
    """Raises NodeError where there are none, or one does not say whether it succeeded."""
    if not given:
        raise NodeError("There are no tries to learn from", mend="Wire in records with situation, action, success.")
    odd = next((each for each in given if "action" not in each or not isinstance(each.get("success"), bool)), None)
    if odd is not None:
        raise NodeError(f"{odd!r:.200} is no try", mend="Give each a situation, an action, and success: true or false.")
    return [{"situation": None, **{key: each[key] for key in TRY if key in each}} for each in given]


async def _written(tries: Sequence[dict[str, Any]], failing: Sequence[Held], ctx: Context) -> Rules:
    shown = "\n".join(
        f"- {as_text(each['situation'])} | {as_text(each['action'])} | {'succeeded' if each['success'] else 'failed'}"
        for each in tries[-SHOWN:]
    )
    wrong = "\n\n".join(f"{each.rule.code}\n{each.wrong}" for each in failing)
    shapes = " and ".join(_shape(tries[-1][key]) for key in ("situation", "action"))
    prompt = WRITE.format(tries=shown, shapes=shapes, wrong=WRONG.format(rules=wrong) if wrong else "")
    return await ask_for(ctx.model, [{"role": "user", "content": prompt}], Rules, temperature=0.3)


def _shape(value: Any) -> str:
    keys = f" with the keys {', '.join(value)}" if isinstance(value, dict) else ""
    return {str: "a text", dict: "a dict", list: "a list"}.get(type(value), "a value") + keys


async def _held(rule: Rule, tries: Sequence[dict[str, Any]], config: LearnRulesConfig) -> Held:
    """The rule held against every try; a rule that breaks, is wrong once, or explains nothing is no good."""
    call = "[rule(each['situation'], each['action']) for each in tries]"
    program = f"{without_fence(rule.code)}\n{call}"
    result = await run_snippet(program, seconds=config.seconds, memory_mb=64, inputs={"tries": list(tries)})
    if not result.ok:
        return Held(rule, wrong=f"It failed: {result.error}")
    said = plain(result.value)
    misled = next((at for at, each in enumerate(said) if each is not None and each != tries[at]["success"]), None)
    if misled is not None:
        return Held(rule, wrong=f"It says {said[misled]} of {as_text(tries[misled])}")
    covers = {at for at, each in enumerate(said) if each is not None}
    return Held(rule, covers, "" if covers else "It applies to none of the tries")


def selected(holding: Sequence[Held], most: int) -> list[Held]:
    """By greedy cover: each time the rule that explains most of what is not explained yet."""
    chosen, left = list[Held](), list(holding)
    while left and len(chosen) < most:
        known = _covered(chosen)
        best = max(left, key=lambda each: len(each.covers - known))
        if not best.covers - known:
            break
        chosen.append(best)
        left.remove(best)
    return chosen


def _covered(rules: Sequence[Held]) -> set[int]:
    return set[int]().union(*(each.covers for each in rules))


def predictor(chosen: Sequence[Held]) -> str:
    """The rules as one program; '' for none."""
    if not chosen:
        return ""
    parts = [f"{without_fence(each.rule.code)}\nrule_{number} = rule" for number, each in enumerate(chosen, start=1)]
    names = ", ".join(f"rule_{number}" for number in range(1, len(chosen) + 1))
    return "\n\n".join([*parts, PREDICT.format(names=names)])

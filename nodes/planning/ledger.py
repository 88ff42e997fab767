"""Lead a team by two ledgers: what is known and planned, and whether the work makes progress.

Use it as the head of a loop: ``continue`` leads to whoever is named in ``next`` with ``instruction``, the
answer comes back as ``report``, and this node's own ``ledger`` is wired back into ``ledger``. Each visit fills
in the progress ledger; a round without progress, or that repeats itself, is a stall, a good one takes a stall
back. At ``max_stalls`` the facts and the plan are made anew and it ends ``replan`` (lead it where ``continue``
leads, past what should begin afresh), after ``max_replans`` of those or ``max_rounds`` it ends ``exhausted``.
Attached roles are the team; without roles name it in ``team``.

Source: Fourney et al. 2024, Magentic-One (https://arxiv.org/abs/2411.04468). We deviate: facts and plan are
one call by schema, not two in prose; the specialists are nodes or roles of the workflow.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.teams.members import members_of
from nodes.templating import as_text
from nodes.views import table_view

TASK_SYSTEM: Final = """You prepare a task for a team. List the facts that are given, the facts that must be looked
up or worked out, and a short plan of who does what. Do not solve the task."""
TASK: Final = "Task: {task}\n\nTeam:\n{team}\n{known}\nFill in the form."
AGAIN: Final = "\nThe last plan did not work:\n{ledger}\n\nWhat happened:\n{rounds}\n"
PROGRESS_SYSTEM: Final = """You watch over a team's work. First say what the last report changes. Then decide whether
the task is solved, whether the team repeats itself, whether there is progress, and give the next member one
instruction. Judge strictly: a report that brings nothing new is no progress."""
PROGRESS: Final = "Task: {task}\n\nTeam:\n{team}\n\n{ledger}\n\nWhat happened:\n{rounds}\n\nFill in the form."


class LedgerConfig(Config):
    """When the work counts as stuck, and when it ends."""

    team: str = Field(
        default="worker: does whatever is asked", title="Team", max_length=10_000,
        description="One member a line, name: what it is good at; unused with roles attached.",
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    max_stalls: int = Field(
        default=3, ge=1, le=20, title="Stalls", description="Rounds without progress until it is planned anew.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    max_replans: int = Field(
        default=1, ge=0, le=10, title="New plans", description="How often it is planned anew.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    max_rounds: int = Field(
        default=15, ge=1, le=200, title="Rounds", description="Reports in all before it gives up.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    recent: int = Field(
        default=6, ge=1, le=50, title="Rounds shown", description="The last rounds the model is told.",
        json_schema_extra={"unit": "rounds", "advanced": True},
    )  # fmt: skip


class TaskLedger(BaseModel):
    """What is known and planned."""

    given: list[str] = Field(description="Facts given in the task.")
    to_find: list[str] = Field(description="Facts to look up or work out.")
    plan: list[str] = Field(description="Who does what, a short sentence each.")


@node(
    kind="planning.ledger", family="planning", title="Ledgers",
    summary="Lead a team; plan anew when it is stuck", config=LedgerConfig,
    inputs=(
        Port("task", "text", "What the team is to do."),
        Port("report", "any", "What the member called last came to.", required=False),
        Port("ledger", "record", "Both ledgers so far: this node's own output, wired back.", required=False),
        Port("members", "list[record]", "The team: name, skills; before roles and settings.", required=False),
    ),
    outputs=(
        Port("next", "text", "Name of the member that goes on; '' at the end."),
        Port("instruction", "text", "What it shall do; at the end why it is done, or stuck."),
        Port("ledger", "record", "Both ledgers: facts, plan, rounds, stalls."),
        Port("facts", "text", "Facts and plan, for the prompt of a member."),
    ),
    outcomes=("continue", "replan", "done", "exhausted"),
    attaches=(Attach("model", "model"), Attach("members", "role", many=True)), bounds_loop=True,
    model_calls="1 to 2", icon="notebook-tabs", source="Fourney et al. 2024, Magentic-One, https://arxiv.org/abs/2411.04468",
)  # fmt: skip
async def ledger(inputs: Inputs, config: LedgerConfig, ctx: Context) -> Route:
    """Begin with facts and a plan; then note the report, judge the progress, count the stalls."""
    task, team = as_text(inputs["task"]).strip(), _team(inputs, config, ctx)
    if not task:
        raise NodeError("The task is empty", mend="Wire a text that says what the team is to do.")
    book = dict(inputs.get("ledger") or {})
    if book.get("task") != task or book.get("ended"):
        book = await _task_ledger({"task": task, "rounds": [], "stalls": 0, "replans": 0}, team, ctx)
    else:
        book["rounds"] = [*book["rounds"][:-1], {**book["rounds"][-1], "report": as_text(inputs.get("report"))}]
    said: Any = await _progress(book, team, config, ctx)
    stalled = bool(book["rounds"]) and (said.repeating or not said.progress)
    book["stalls"] = book["stalls"] + 1 if stalled else max(book["stalls"] - 1, 0)
    ctx.progress(f"round {len(book['rounds'])}: {said.next}, {book['stalls']} stalls")
    if said.solved:
        return _end("done", book, said.reason, ctx)
    if len(book["rounds"]) >= config.max_rounds:
        return _end("exhausted", book, f"{len(book['rounds'])} rounds are spent: {said.reason}", ctx)
    outcome = "continue"
    if book["stalls"] >= config.max_stalls:
        if book["replans"] >= config.max_replans:
            return _end("exhausted", book, f"stuck, and planned anew {book['replans']} times: {said.reason}", ctx)
        book = await _task_ledger({**book, "stalls": 0, "replans": book["replans"] + 1}, team, ctx)
        said, outcome = await _progress(book, team, config, ctx), "replan"
    book["rounds"] = [*book["rounds"], {"member": said.next, "instruction": said.instruction, "report": ""}]
    _show(book, ctx)
    outputs = {"next": said.next, "instruction": said.instruction, "ledger": book, "facts": _facts(book)}
    return Route(outcome, outputs)


def _team(inputs: Inputs, config: LedgerConfig, ctx: Context) -> dict[str, str]:
    """Name -> what it is good at, of the members wired in, else attached, else written."""
    if inputs.get("members"):
        return {role.name: role.skills or role.persona for role in members_of(ctx, (), inputs["members"])}
    lines = [line.partition(":") for line in config.team.splitlines() if line.strip()]
    team = {role.name: role.skills or role.persona for role in ctx.roles} or {
        name.strip(): skills.strip() for name, _, skills in lines
    }
    if not team:
        raise NodeError("There is no team", mend="Attach roles, or write one member a line under 'Team'.")
    return team


async def _task_ledger(book: Mapping[str, Any], team: Mapping[str, str], ctx: Context) -> dict[str, Any]:
    """The book with facts and plan made, or made anew by what happened."""
    known = AGAIN.format(ledger=_facts(book), rounds=_told(book["rounds"])) if "plan" in book else ""
    user = TASK.format(task=book["task"], team=_members(team), known=known)
    messages = [{"role": "system", "content": TASK_SYSTEM}, {"role": "user", "content": user}]
    made = await ask_for(ctx.model, messages, TaskLedger, temperature=0)
    return {**book, **made.model_dump()}


async def _progress(book: Mapping[str, Any], team: Mapping[str, str], config: LedgerConfig, ctx: Context) -> Any:
    """The filled-in progress ledger."""
    rounds = _told(book["rounds"][-config.recent :])
    user = PROGRESS.format(task=book["task"], team=_members(team), ledger=_facts(book), rounds=rounds)
    messages = [{"role": "system", "content": PROGRESS_SYSTEM}, {"role": "user", "content": user}]
    return await ask_for(ctx.model, messages, progress_schema(tuple(team)), temperature=0)


def _end(outcome: str, book: Mapping[str, Any], why: str, ctx: Context) -> Route:
    _show(book, ctx)
    outputs = {"next": "", "instruction": why.strip(), "ledger": {**book, "ended": True}, "facts": _facts(book)}
    return Route(outcome, outputs)


def _show(book: Mapping[str, Any], ctx: Context) -> None:
    rows = [[at, each["member"], each["instruction"], each["report"]] for at, each in enumerate(book["rounds"], 1)]
    title = f"{book['stalls']} stalls, planned anew {book['replans']} times"
    ctx.show(table_view(["round", "member", "instruction", "report"], rows, title=title))


def _facts(book: Mapping[str, Any]) -> str:
    parts = [("Given", "given"), ("To find", "to_find"), ("Plan", "plan")]
    return "\n".join(f"{title}:\n" + ("\n".join(f"- {each}" for each in book[key]) or "-") for title, key in parts)


def _told(rounds: list[dict[str, Any]]) -> str:
    lines = [f"{each['member']} was told: {each['instruction']}\nand said: {each['report']}" for each in rounds]
    return "\n".join(lines) or "nothing yet"


def _members(team: Mapping[str, str]) -> str:
    return "\n".join(f"- {name}: {skills}" for name, skills in team.items())


@lru_cache(maxsize=64)
def progress_schema(names: tuple[str, ...]) -> type[BaseModel]:
    """``{"reason", "solved", "repeating", "progress", "next", "instruction"}``."""
    member: Any = Literal[names]  # pyright: ignore[reportInvalidTypeForm] - names known when it runs
    fields: dict[str, Any] = {
        "reason": (str, Field(description="One or two sentences: what the last report changes.")),
        "solved": (bool, Field(description="Whether the task is solved completely.")),
        "repeating": (bool, Field(description="Whether the team goes round in circles.")),
        "progress": (bool, Field(description="Whether the last report brought the task forward.")),
        "next": (member, Field(description="Who goes on.")),
        "instruction": (str, Field(description="What this member shall do now.")),
    }
    return create_model("Progress", **fields)

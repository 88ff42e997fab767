"""Roles work when a message on their topic comes in, and publish what they made on a topic of their own.

Use it for a fixed procedure with documents between the steps, like a company that writes software:
requirements, then design, then code, then tests. Nobody calls anybody: a message pool holds everything, and
each role acts as soon as there is something new on a topic it watches, with all it subscribed to in sight.
It ends when nothing new is on a watched topic, or after ``max_messages``.

Source: Hong et al. 2023, MetaGPT: Meta Programming for a Multi-Agent Collaborative Framework
(https://arxiv.org/abs/2308.00352), message pool with subscriptions and standard procedures.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field, model_validator

from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, ask, members_of, plain_member, user
from nodes.templating import as_text
from nodes.views import chat_view

START: Final = "task"
"""The topic of what is wired in."""
WORK: Final = """{messages}

Your job: {job}
Write it now: the {topic} itself, nothing else."""


class Station(Config):
    """A role's place in the procedure."""

    name: str = Field(
        title="Name",
        description="Of the role; an attached role of this name takes the place.",
        min_length=1,
        max_length=60,
    )
    watches: tuple[str, ...] = Field(
        title="Watches", description="Topics; 'task' is what is wired in.", min_length=1, max_length=10
    )
    publishes: str = Field(title="Publishes", description="The topic of what it writes.", min_length=1, max_length=60)
    job: str = Field(
        title="Job", description="What it does with what it reads.", max_length=4_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip


class PublishConfig(Config):
    """The procedure."""

    stations: tuple[Station, ...] = Field(
        default=(
            Station(name="Product manager", watches=("task",), publishes="requirements",
                    job="List what the user needs, as short testable requirements."),
            Station(name="Architect", watches=("requirements",), publishes="design",
                    job="Say which functions are needed, with their arguments and results."),
            Station(name="Engineer", watches=("design", "review"), publishes="code",
                    job="Write the program. Where there is a review, mend what it names."),
            Station(name="Reviewer", watches=("code",), publishes="review",
                    job="Name what in the code does not meet the requirements. If all is well, answer NOTHING."),
        ),
        title="Stations", description="Who reads what and writes what.", min_length=1, max_length=20,
    )  # fmt: skip
    result: str = Field(default="code", title="Result", description="The topic whose last message is the answer.")
    silence: str = Field(
        default="NOTHING", title="Silence", description="Who answers with this word publishes nothing.",
        pattern=r"^\S{2,40}$",
    )  # fmt: skip
    max_messages: int = Field(
        default=8, ge=1, le=100, title="Messages", description="The most that are written.",
        json_schema_extra={"unit": "messages"},
    )  # fmt: skip

    @model_validator(mode="after")
    def _result_is_published(self) -> "PublishConfig":
        topics = [station.publishes for station in self.stations]
        if self.result not in topics:
            raise ValueError(f"nobody publishes {self.result!r}; the topics are {', '.join(topics)}")
        return self


@node(
    kind="teams.publish_subscribe", family="teams", title="Publish and subscribe",
    summary="Roles act on topics they watch, and publish", config=PublishConfig,
    inputs=(Port("task", "any", "The first message, on the topic 'task'."), MEMBERS),
    outputs=(
        Port("answer", "text", "The last message on the topic of the result."),
        Port("pool", "list[record]", "Every message in order: speaker, topic, text."),
    ),
    attaches=TEAM, model_calls=f"1 x max_messages at most{WITH_TOOLS}", icon="radio-tower",
    source="Hong et al. 2023, MetaGPT, https://arxiv.org/abs/2308.00352",
)  # fmt: skip
async def publish_subscribe(inputs: Inputs, config: PublishConfig, ctx: Context) -> Outputs:
    """As long as somebody has something new to read: read, work, publish."""
    task = as_text(inputs["task"])
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in the first message.")
    places = [station.name for station in config.stations]
    wired = inputs.get("members")
    roles = {role.name: role for role in (members_of(ctx, (), wired) if wired is not None else ctx.roles)}
    stray = next((name for name in roles if name not in places), None)
    if stray is not None:
        raise NodeError(f"The role {stray!r} has no station", mend=f"The stations are {', '.join(places)}.")
    pool: list[dict[str, str]] = [{"speaker": "", "topic": START, "text": task}]
    read = dict.fromkeys(places, 0)
    written = 0
    while written < config.max_messages and (station := _next(config.stations, pool, read)):
        read[station.name] = len(pool)
        written += 1
        ctx.progress(f"{station.name} writes {station.publishes}")
        text = await _work(station, roles, pool, ctx)
        if text and text.strip(" .*`") != config.silence:
            pool.append({"speaker": station.name, "topic": station.publishes, "text": text})
        _show(pool, ctx)
    found = [message["text"] for message in pool if message["topic"] == config.result]
    if not found:
        raise NodeError(
            f"Nothing was published on {config.result!r} in {written} messages",
            mend="Raise 'Messages', or check that the stations' topics lead to it.",
        )
    return {"answer": found[-1], "pool": pool}


def _next(stations: Sequence[Station], pool: Sequence[dict[str, str]], read: dict[str, int]) -> Station | None:
    """The first station, in their order, that watches a topic with something it has not read."""
    return next(
        (each for each in stations if any(m["topic"] in each.watches for m in pool[read[each.name] :])), None
    )  # fmt: skip


async def _work(station: Station, roles: Mapping[str, Role], pool: Sequence[dict[str, str]], ctx: Context) -> str:
    """What the station writes, with the task and the last message of each topic it watches in sight."""
    role = roles.get(station.name) or plain_member(ctx, station.name, f"You are the {station.name.lower()} of a team.")
    latest = {m["topic"]: m for m in pool if m["topic"] in (START, *station.watches)}
    if station.publishes not in latest and (own := [m for m in pool if m["speaker"] == station.name]):
        latest[station.publishes] = own[-1]  # its last work, to mend
    messages = "\n\n".join(f"{topic.upper()}\n{message['text']}" for topic, message in latest.items())
    prompt = WORK.format(messages=messages, job=station.job, topic=station.publishes)
    return await ask(ctx, role, user(prompt))


def _show(pool: Sequence[dict[str, Any]], ctx: Context) -> None:
    ctx.show(chat_view([{"speaker": m["speaker"] or "task", "to": m["topic"], "text": m["text"]} for m in pool]))

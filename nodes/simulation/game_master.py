"""A game master decides what comes of an action, and what it changes in the world.

Use it where people act in free words. The model judges whether the world allows the attempt, says what
can be seen of it, and changes variables of the world; it can change only those that are there, and only to
values of their type. ``happened`` and ``refused`` lead on differently. For exact rules, use "World"; for
many people over many ticks, "Ticks" does this for each.

Source: Vezhnevets et al. 2023, Generative agent-based modeling with actions grounded in physical, social,
or digital space using Concordia (https://arxiv.org/abs/2312.03664). We deviate: the world is typed
variables held by schema instead of text memories, and one call rules where Concordia asks a chain.
"""

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.simulation.resolve import RULES, resolve, world_text
from nodes.templating import as_text
from nodes.views import table_view


class GameMasterConfig(Config):
    """The rules in words."""

    rules: str = Field(
        default=RULES, title="Rules", description="What is possible in this world, in words.", max_length=10_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip


@node(
    kind="simulation.game_master", family="simulation", title="Game master", summary="Decides what comes of an action",
    config=GameMasterConfig,
    inputs=(
        Port("world", "record", "The world: variable -> number, text, boolean, record or list."),
        Port("action", "any", "What is tried, in words."),
        Port("actor", "text", "Who tries it.", required=False),
    ),
    outputs=(
        Port("world", "record", "The world after it."),
        Port("event", "text", "What everyone can see."),
        Port("changes", "list[text]", "Which variables changed, and to what."),
    ),
    outcomes=("happened", "refused"), attaches=(Attach("model", "model"),), model_calls="1", icon="crown",
    source="Vezhnevets et al. 2023, Concordia, https://arxiv.org/abs/2312.03664",
)  # fmt: skip
async def game_master(inputs: Inputs, config: GameMasterConfig, ctx: Context) -> Route:
    """Rule on the action and change the world."""
    action, actor = as_text(inputs["action"]).strip(), inputs.get("actor") or "Someone"
    if not action:
        raise NodeError("The action is empty", mend="Wire in what is tried, in words.")
    ruling = await resolve(inputs["world"], actor, action, config.rules, ctx)
    lines = [line[2:].partition(": ") for line in world_text(ruling.world).splitlines() if line.startswith("- ")]
    ctx.show(table_view(["variable", "value"], [[name, value] for name, _, value in lines], title=ruling.event))
    outputs = {"world": ruling.world, "event": ruling.event, "changes": ruling.changes}
    return Route("happened" if ruling.possible else "refused", outputs)

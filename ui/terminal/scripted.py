"""A workspace in which one script answers for every model, whatever model a workflow names."""

from langchain_core.language_models import BaseChatModel

from graphs.models.resolve import ModelRegistry
from graphs.models.script import Player, Script
from graphs.models.scripted import ScriptedChat
from store.home import Home
from ui.workspace import Workspace


class ScriptedModels(ModelRegistry):
    """The registry of a workspace whose models are all the script."""

    def __init__(self, workspace: Workspace, script: Script) -> None:
        super().__init__(
            workspace.settings, workspace.secrets, workspace.endpoints, workspace.home.models,
            server=workspace.model_server,
        )  # fmt: skip
        self._script = Player(script)

    def default(self) -> str:
        return f"scripted:{self._script.script.name}"

    def chat_model(
        self, reference: str, *, temperature: float | None = None, max_tokens: int | None = None
    ) -> BaseChatModel:
        return ScriptedChat(player=self._script, model=reference.partition(":")[2], max_tokens=max_tokens)

    def secret_values(self) -> list[str]:
        return []


class ScriptedWorkspace(Workspace):
    """A home, opened, with a script for a model."""

    def __init__(self, folder: Home, script: Script) -> None:
        super().__init__(folder)
        self._models = ScriptedModels(self, script)

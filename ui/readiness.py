"""What a person has set up, for the diagnostics: ``graphs.rules.subject.Workspace`` by shape.

Says nothing of servers that would have to be asked, and imports no model library: a document is
checked after every edit.
"""

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from graphs.models import readiness
from graphs.models.builtin.manifest import DEFAULT, model_file
from graphs.models.references import parse
from graphs.models.workspace import DEFAULT_KEY
from nodes.contract import NodeError

if TYPE_CHECKING:
    from ui.workspace import Workspace


class Readiness:
    """The workspace as the rules see it; ``model`` is a run's own default, ``workflow_id`` that of a saved one."""

    def __init__(self, workspace: "Workspace", model: str | None = None, workflow_id: str | None = None) -> None:
        self._workspace = workspace
        self._model = model
        self._workflow_id = workflow_id

    def default_model(self) -> str | None:
        return self._default

    @cached_property
    def _default(self) -> str:
        return str(self._model or self._workspace.settings.get(DEFAULT_KEY) or f"builtin:{DEFAULT.name}")

    def model_problem(self, reference: str) -> str | None:
        """Why the reference can never work; that the built-in model is not fetched yet is asked at the run."""
        try:
            parsed = parse(reference, [each.name for each in self._workspace.endpoints.list()])
            if parsed.provider == "builtin":
                model_file(parsed.model)
        except NodeError as error:
            return f"{error.what}. {error.mend}".strip()
        return None

    def missing_secret(self, reference: str) -> str | None:
        provider = reference.partition(":")[0]
        needed = readiness.KEYS.get(provider)
        if needed is None:
            needed = next((each.secret for each in self._workspace.endpoints.list() if each.name == provider), None)
        return needed if needed and not self._workspace.secrets.get(needed) else None

    def folders(self) -> Collection[str]:
        return [grant.name for grant in self._workspace.grants.list()]

    def memory_spaces(self) -> Collection[str]:
        return [space.name for space in self._workspace.memories.spaces()]

    def refused(self) -> Collection[str]:
        return self._workspace.refusals.of(self._workflow_id)

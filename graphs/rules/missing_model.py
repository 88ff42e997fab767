"""SEC101 missing-model: a node needs a model and there is none it can use.

Either none is attached and the workspace has no default, or the one that is named cannot be used.

Wrong: a Prompt in a workspace without a default model
Right: choose a default model in Settings, or attach a Model to the node
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.models import default_users, named
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    workspace = subject.workspace
    if workspace is None:
        return
    if workspace.default_model() is None:
        for id in default_users(subject):
            yield finding(
                "SEC101", f"{id} needs a model: none is attached, and the workspace has no default",
                "Choose a default model in Settings, or attach a Model.", place=Place(node=id), short="no model",
            )  # fmt: skip
    for id, path, reference in named(subject):
        problem = workspace.model_problem(reference)
        if problem is not None:
            yield finding(
                "SEC101", f"{id} names the model {reference!r}, which cannot be used: {problem}",
                "Choose another model, or set this one up in Settings.",
                place=Place(node=id, config=path), short="model not usable",
            )  # fmt: skip

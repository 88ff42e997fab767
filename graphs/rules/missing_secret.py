"""SEC102 missing-secret: a model needs a key that nobody has stored.

Its provider would refuse every call.

Wrong: ``gpt: {kind: resource.model, config: {model: "openai:gpt-4o"}}`` without OPENAI_API_KEY
Right: store the key in Settings; a document never holds one
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.models import default_users, named
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    if subject.workspace is None:
        return
    uses = [(id, path, reference) for id, path, reference in named(subject)]
    default = subject.workspace.default_model()
    if default is not None:
        uses += [(id, "", default) for id in default_users(subject)[:1]]
    for id, path, reference in uses:
        secret = subject.workspace.missing_secret(reference)
        if secret is not None:
            yield finding(
                "SEC102", f"{id} uses {reference}, which needs the secret {secret!r}, and it is not stored",
                f"Store {secret} in Settings, or set it in the environment.",
                place=Place(node=id, config=path or None), short=f"{secret} missing",
            )  # fmt: skip

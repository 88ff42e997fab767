"""The answers of a template's recording, given at once, and the product's own checks."""

from graphs.models.script import Script
from templates import catalogue
from templates.checks import misses as misses


def unhurried(slug: str) -> Script:
    """The answers of a template's recording, given at once."""
    script = catalogue.recorded_script(slug)
    replies = tuple(reply.model_copy(update={"seconds": 0.0}) for reply in script.replies)
    return script.model_copy(update={"replies": replies})

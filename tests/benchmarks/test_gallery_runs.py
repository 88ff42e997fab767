"""The record of templates on the built-in model."""

from typing import Any

from benchmarks.gallery import PAGE, RESULTS, current, report, rows_of
from graphs.document import content_hash
from templates import catalogue


def _row(slug: str, **fields: Any) -> dict[str, Any]:
    return {
        "template": slug, "model": "builtin:x", "hash": content_hash(catalogue.load(slug).document), "status": "done",
        "seconds": 1.5, "calls": 2, "tools": 0, "input_tokens": 10, "output_tokens": 20, "error": None, "misses": [],
    } | fields  # fmt: skip


def test_the_page_is_what_the_results_make():
    """Whoever runs more of them, or changes a template, writes the page anew."""
    assert PAGE.read_text(encoding="utf-8") == report(rows_of(RESULTS))


def test_a_changed_template_counts_as_not_run():
    """A result is of the workflow that was run, not of its name; of two the newer one counts."""
    old, older = _row("rci"), _row("rci", hash="0" * 64)
    assert current([older]) == {}
    assert current([_row("rci", seconds=9.0), old, older]) == {"rci": old}


def test_the_report_counts_and_tells_what_failed():
    """How many ran, how many met their checks, what went wrong, and which are left."""
    failed = _row("adapt", status="failed", misses=None, error={"what": "The model did not answer"})
    page = report([_row("rci"), _row("dylan", misses=["number: 28 is not in 27"]), failed])
    assert f"3 of {len(catalogue.slugs())} templates: 2 ran to its end, 1 failed; 1 as expected" in page
    assert "| dylan | done | no | 2 | 0 | 10 / 20 | 1.5 |" in page
    assert "- adapt: The model did not answer" in page
    assert "maths_tutor" in page.split("## Not run yet")[1]

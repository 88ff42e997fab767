"""The record of templates on the built-in model."""

from typing import Any

from benchmarks.fares import brought_up
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


def test_the_readmes_say_what_the_results_say():
    """Also where the workflow has changed since: then nothing has been measured."""
    found = current(rows_of(RESULTS))
    for slug in catalogue.slugs():
        readme = catalogue.load(slug).readme
        assert brought_up(readme, found.get(slug)) == readme, f"{slug}: python -m benchmarks.gallery --report"


def test_a_readme_is_brought_up_and_nothing_else_in_it_changed():
    """Both ways, bold or not, with what stands behind it; another measurement stays."""
    plain = "**Cost** 3 calls.\n\nHow it fares has not been measured here on the built-in model. The shop is made up.\n"
    told = brought_up(plain, _row("rci", seconds=84.4, calls=7))
    assert "ended as expected after 7 model calls in 84 s (one run). The shop is made up." in told
    assert "otherwise than expected after 1 model call in" in brought_up(told, _row("rci", calls=1, misses=["no"]))
    assert brought_up(told, None) == plain
    other = "**How it fares** on gsm8k: 7 of 12.\n"
    assert brought_up(other, _row("rci")) == other


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

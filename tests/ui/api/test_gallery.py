"""The gallery over the API."""

from templates import catalogue
from tests.ui.api.conftest import Served


def test_every_template_has_a_card_with_an_emblem(served: Served) -> None:
    """All are there, in the order of the catalogue, each with what it needs and how it is built."""
    shelf = served.client.get("/gallery").json()
    assert [card["slug"] for card in shelf["cards"]] == list(catalogue.slugs())
    for card in shelf["cards"]:
        assert card["miniature"].startswith("<svg"), card["slug"]
        assert card["needs"] and card["title"] and card["summary"], card["slug"]
    by_slug = {card["slug"]: card for card in shelf["cards"]}
    assert by_slug["rci"]["structure"] == ["loop"]
    assert "sandbox" in by_slug["codeact"]["needs"]
    assert by_slug["agent_forest"]["calls"] == 7
    assert all(each["why"] for each in shelf["missing"])


def test_search_finds_by_meaning(served: Served) -> None:
    """Other words than the template's own lead to it; scores fall."""
    found = served.client.get(
        "/gallery/search", params={"q": "several copies argue with each other until they agree"}
    ).json()
    assert len(found) == len(catalogue.slugs())
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert "diverse_multi_agent_debate" in [each["slug"] for each in found[:8]]


def test_like_this_one_leaves_itself_out(served: Served) -> None:
    """The neighbours of a code writer are code writers, those of a search searches; an unknown one is not found."""
    for slug, neighbours in {
        "agentcoder": {"useagent", "codecor", "agentless", "spec2rtl_agent", "funcoder"},
        "lats": {"swe_search", "tree_search_for_lm_agents", "codetree"},
        "sica": {"darwin_godel_machine", "adas"},
    }.items():
        found = [each["slug"] for each in served.client.get(f"/gallery/{slug}/like").json()]
        assert slug not in found
        assert len(set(found[:6]) & neighbours) >= 2, found[:6]
    assert served.client.get("/gallery/nothing/like").status_code == 404


def test_a_readme_comes_with_its_examples(served: Served) -> None:
    """What a template says of itself, and inputs to try it with."""
    page = served.client.get("/gallery/maths_tutor/readme").json()
    assert page["readme"].startswith("# ")
    assert page["examples"][0]["inputs"]

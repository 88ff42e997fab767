"""Tree search for a web agent: promising pages first, wrong turns left again, the site untouched."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, said

SLUG = "tree_search_for_lm_agents"


def clicks(page: str, *labels: str) -> dict[str, Any]:
    """The links the model would click on a page."""
    return said("search", {"steps": list(labels)}, match=f"Page: {page}\\n(?s:.*)Propose")


def scored(page: str, score: int) -> dict[str, Any]:
    return said("search", {"reason": f"About {page}.", "score": score}, match=f"Page: {page}\\n(?s:.*)Judge it")


def looked_into(ran: Any) -> list[str]:
    """The pages that proposals were asked for, in order."""
    asked = [each for each in ran.prompts("search") if "Propose" in each]
    return [each.split("Page: ")[1].split("\n")[0] for each in asked]


def test_it_leaves_the_wrong_turn_and_goes_on_from_another_branch(tmp_path: Path) -> None:
    """Help looked best at first, its pages are poor, so the search goes back to the products and finds the lamp."""
    lab = Lab(SLUG, tmp_path)
    site = lab.document.inputs["site"].examples[0]
    ran = lab.run(
        clicks("home", "Products", "Help", "About us"), scored("products", 6), scored("help", 8), scored("about", 1),
        clicks("help", "Shipping", "Returns"), scored("shipping", 2), scored("returns", 3),
        clicks("products", "Lamps", "Chairs"), scored("lamps", 7), scored("chairs", 1),
        clicks("lamps", "Lumo desk lamp"), scored("lumo", 10),
        task="Find the warranty of the Lumo desk lamp.", site=site,
    )  # fmt: skip
    assert looked_into(ran) == ["home", "help", "products", "lamps"]
    assert ran.outputs["clicks"] == ["Products", "Lamps", "Lumo desk lamp"]
    assert "3 years" in ran.outputs["page"] and ran.outputs["value"] == 1
    status = {node["label"]: node["status"] for node in ran.views("search")[-1]["nodes"]}
    assert status["About us"] == "pruned"
    assert status["Lumo desk lamp"] == "solution"


def test_a_link_that_is_not_there_leads_nowhere(tmp_path: Path) -> None:
    """Invented links leave the page as it is: they become no new situation and cost no judgement."""
    lab = Lab(SLUG, tmp_path)
    site = {"home": {"text": "Hi.", "links": {"News": "news"}}, "news": {"text": "Open on Monday.", "links": {}}}
    ran = lab.run(clicks("home", "Basket", "Checkout", "News"), scored("news", 10), task="When is it open?", site=site)
    assert ran.outputs["clicks"] == ["News"]
    assert len(ran.prompts("search")) == 2


def test_it_gives_the_best_page_when_nothing_is_left(tmp_path: Path) -> None:
    """Where no page answers, it ends unsolved with the page that came nearest."""
    lab = Lab(SLUG, tmp_path)
    site = {
        "home": {"text": "Hi.", "links": {"News": "news", "Jobs": "jobs"}},
        "news": {"text": "None.", "links": {}}, "jobs": {"text": "We look for a cook.", "links": {}},
    }  # fmt: skip
    ran = lab.run(
        clicks("home", "News", "Jobs"), scored("news", 2), scored("jobs", 6), clicks("jobs", "Home"),
        clicks("news", "Home"), task="What is the cook paid?", site=site,
    )  # fmt: skip
    assert ran.outcomes("search") == ["unsolved"]
    assert "cook" in ran.outputs["page"] and looked_into(ran) == ["home", "jobs", "news"]

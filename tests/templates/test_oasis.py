"""OASIS: the feed follows interests and likes, actions change the medium, and whom one follows changes the person."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

PEOPLE = [{"name": name, "persona": f"You like {what}."} for name, what in (("Ann", "bread"), ("Bo", "trains"))]
POSTS: list[dict[str, Any]] = [
    {"id": "p1", "author": "Cy", "text": "bread bread bread", "likes": 0, "at": 0},
    {"id": "p2", "author": "Di", "text": "trains trains", "likes": 0, "at": 0},
    {"id": "p3", "author": "Di", "text": "nothing of note", "likes": 0, "at": 0},
]


def does(what: str, which: str, *, who: str) -> Reply:
    """What one does; its system turn is not matched, so its feed is."""
    return said("decide", {"answer": {"does": what, "what": which}}, match=who)


def live(tmp_path: Path, *replies: Reply) -> Ran:
    """Two ticks of Ann and Bo, who then do nothing."""
    nothing = said("decide", {"answer": {"does": "nothing", "what": ""}}, repeat=True)
    medium = {"posts": POSTS, "next": 4}
    return Lab("oasis", tmp_path).run(*replies, nothing, people=PEOPLE, medium=medium)


def feeds(ran: Ran, who: str) -> list[str]:
    """The prompts of a person, tick by tick."""
    return [text for text in ran.prompts("decide") if f"You are {who}." in text]


def test_each_feed_follows_the_interests(tmp_path: Path):
    """Of three posts Ann sees that on bread first, Bo that on trains."""
    ran = live(tmp_path)
    ann, bo = feeds(ran, "Ann")[0], feeds(ran, "Bo")[0]
    assert ann.index("[p1]") < ann.index("[p2]" if "[p2]" in ann else "[p3]")
    assert bo.index("[p2]") < bo.index("[p1]" if "[p1]" in bo else "[p3]")


def test_what_is_done_changes_the_medium_and_the_next_feeds(tmp_path: Path):
    """A like is counted; a post is in the other's feed of the next tick, and never in one's own."""
    ran = live(tmp_path, does("post", "bread and trains", who="follow: - Bo"), does("like", "p2", who="follow: - Ann"))
    posts = {post["id"]: post for post in ran.outputs["medium"]["posts"]}
    assert posts["p2"]["likes"] == 1 and posts["p4"]["author"] == "Ann" and posts["p4"]["text"] == "bread and trains"
    assert "[p4] Ann" in feeds(ran, "Bo")[1] and "[p4]" not in feeds(ran, "Ann")[1]


def test_following_changes_the_person(tmp_path: Path):
    """Who follows Di has Di beside those it followed before, in the next tick and at the end."""
    ran = live(tmp_path, does("follow", "Di", who="follow: - Bo"))
    ann = next(person for person in ran.outputs["people"] if person["name"] == "Ann")
    assert ann["follows"] == ["Bo", "Di"] and "- Di" in feeds(ran, "Ann")[1]

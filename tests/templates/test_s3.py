"""S3: news travels one step a tick along the network, and what is read changes what is felt."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

NAMES = ("Ann", "Bo", "Cy", "Di")
PEOPLE = [{"name": name, "persona": f"Trait of {name}.", "emotion": "calm", "attitude": "open"} for name in NAMES]
FORWARD = {"answer": {"does": "forward", "text": "The bridge is closed."}}
NOTHING = {"answer": {"does": "nothing", "text": ""}}
FELT = {"emotion": "angry", "attitude": "against"}
CALM = {"emotion": "calm", "attitude": "open"}


def spread(tmp_path: Path, ticks: int) -> Ran:
    """Who reads of the bridge forwards it and is angry; all others do and feel nothing."""
    replies: list[Reply] = [
        said("decide", FORWARD, match="bridge", repeat=True), said("decide", NOTHING, repeat=True),
        said("live", FELT, match="bridge", repeat=True), said("live", CALM, repeat=True),
    ]  # fmt: skip
    lab = Lab("s3", tmp_path)
    return lab.run(*replies, people=PEOPLE, news="The bridge is closed.", ticks=ticks)


def test_news_travels_one_step_a_tick(tmp_path: Path):
    """First only the follower of Ann, who posted it, reads it; then the follower's follower, and so on."""
    ran = spread(tmp_path, 3)
    told = [result["events"] for result in ran.results("live")]
    who = [{event["actor"] for event in events} - {"Ann"} for events in told]
    assert who == [{"Di"}, {"Di", "Cy"}, {"Di", "Cy", "Bo"}]
    assert all("forwards: The bridge is closed." in event["event"] for events in told for event in events)


def test_what_is_read_changes_what_is_felt_and_is_counted(tmp_path: Path):
    """The curve of the angry rises tick by tick; those who read nothing stay calm."""
    curve = spread(tmp_path, 3).outputs["curve"]
    angry = [point.get("angry", 0) for point in curve]
    assert angry[0] < angry[-1] and sum(curve[0][key] for key in ("angry", "calm") if key in curve[0]) == 4
    assert curve[0]["against"] == angry[0]


def test_people_decide_as_they_are_now(tmp_path: Path):
    """Whoever is angry after a tick decides in the next as somebody who is."""
    ran = spread(tmp_path, 2)
    asked = ran.prompts("decide")
    assert all("You feel calm" in text for text in asked[:4]) and any("You feel angry" in text for text in asked[4:])

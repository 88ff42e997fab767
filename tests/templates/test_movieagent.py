"""MovieAgent: story, scenes, shots - and nobody appears who is not in the character bank."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

BANK = [{"name": "Ida", "looks": "green hat"}, {"name": "Bo", "looks": "one glove"}]


def crew(*scenes: str) -> list[Reply]:
    """Director, scenes and places."""
    return [
        said("director", "A quiet film."), said("outline", {"answer": list(scenes)}, match="A quiet film"),
        said("place", "By night.", repeat=True),
    ]  # fmt: skip


def draws(match: str, *lines: str) -> Reply:
    """The artist's shots of a scene."""
    return said("shots", {"answer": list(lines)}, match=match)


def test_scenes_become_shots_with_the_looks_of_the_bank(tmp_path: Path):
    """Shots stand in the order of the scenes, numbered, each picture with looks and place; the table is a file."""
    ran = Lab("movieagent", tmp_path).run(
        *crew("scene one", "scene two"), draws("scene one", "close | Ida | She waits. | Well?"),
        draws("scene two", "wide | Ida, Bo | They walk. | -"), story="A story.", characters=BANK,
    )  # fmt: skip
    shots = ran.outputs["shots"]
    assert [each["shot"] for each in shots] == ["1.1", "2.1"]
    assert shots[0]["picture"] == "She waits. Ida, green hat. By night."
    assert "one glove" in ran.outputs["storyboard"]
    assert (tmp_path / "run1" / "files" / "storyboard.md").read_text() == ran.outputs["storyboard"]


def test_a_stranger_sends_the_shots_back(tmp_path: Path):
    """Whoever is not in the bank is told to the artist of that scene; the other scene is not drawn anew."""
    ran = Lab("movieagent", tmp_path).run(
        *crew("scene one", "scene two"), draws("scene two", "wide | Bo | He walks. | -"),
        draws("A policeman is not in the character bank", "close | Ida | She waits. | -"),
        draws("scene one", "close | Ida, A policeman | He asks. | Who?"), story="A story.", characters=BANK,
    )  # fmt: skip
    assert "policeman" not in ran.outputs["storyboard"] and len(ran.prompts("shots")) == 3


def test_an_artist_who_never_mends_it_is_not_asked_for_ever(tmp_path: Path):
    """After three tries the shots go through as they are, without looks for the stranger."""
    ran = Lab("movieagent", tmp_path).run(
        *crew("scene one"), said("shots", {"answer": ["close | Nobody | A shadow. | -"]}, repeat=True),
        story="A story.", characters=BANK,
    )  # fmt: skip
    assert len(ran.prompts("shots")) == 3 and ran.outputs["shots"][0]["characters"] == "Nobody"

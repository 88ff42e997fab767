"""A document of any age opens: steps are applied in order, from its version to the newest."""

import pytest

from graphs.migrations.steps import VersionError, migrate


def _first(data):
    return {**data, "trace": [*data.get("trace", []), "1 to 2"]}


def _second(data):
    return {**data, "trace": [*data.get("trace", []), "2 to 3"]}


@pytest.mark.parametrize(("version", "trace"), [(1, ["1 to 2", "2 to 3"]), (2, ["2 to 3"]), (3, [])])
def test_the_steps_from_its_version_on_are_applied(version, trace):
    """Each version passes the steps after it, and comes out as the newest."""
    data = migrate({"nodeloom": version, "title": "x"}, (_first, _second))
    assert (data["nodeloom"], data.get("trace", []), data["title"]) == (3, trace, "x")


def test_the_given_data_is_not_changed():
    """Migrating leaves its argument alone."""
    data = {"nodeloom": 1}
    migrate(data, (_first,))
    assert data == {"nodeloom": 1}


@pytest.mark.parametrize("version", [0, 4, "1", None, True])
def test_other_versions_are_refused(version):
    """What no step leads from is an error that names the range."""
    with pytest.raises(VersionError, match="1 to 3"):
        migrate({"nodeloom": version}, (_first, _second))

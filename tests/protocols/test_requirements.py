"""Single requirements, where what they ask for has an edge that a whole meeting seldom comes to."""

from datetime import date

import pytest

from protocols.definition import Requirement
from protocols.requirements import REQUIREMENTS, Agreement, Facts


@pytest.mark.parametrize(
    ("who", "lacking"),
    [(("oma",), ["checks_self"]), (("oma", "mama"), ["checks_self"]), (("mama",), []), ((), [])],
    ids=["alone", "one of two", "another", "nobody"],
)
def test_who_does_something_does_not_keep_an_eye_on_it_too(who: tuple[str, ...], lacking: list[str]):
    agreement = Agreement("eten", who, "kookt", None, "oma", "", frozenset())
    facts = Facts("voluntary", (), (), date(2026, 12, 7), agreements=(agreement,))
    use = Requirement(name="checker", hard=True)
    assert [missing.key for missing in REQUIREMENTS["checker"](facts, use)] == lacking

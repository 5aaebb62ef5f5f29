"""Dates and rhythms in words, the same on the server as in the browser; and every text in every language."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.texts import LANGUAGES, t, texts
from app.texts_check import faults, used_keys
from app.words import say_date, say_moment, say_time, say_when

CASES = json.loads((Path(__file__).parent.parent / "when_texts.json").read_text())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["nl"] or "nothing")
def test_when_is_said_as_the_browser_says_it(case: dict, language: str):
    assert say_when(case["when"], language) == case[language]


@pytest.mark.parametrize(
    ("moment", "nl"),
    [
        (datetime(2026, 11, 30, 18, 0, tzinfo=UTC), "maandag 30 november, 7 uur ’s avonds"),
        (datetime(2026, 7, 1, 7, 30, tzinfo=UTC), "woensdag 1 juli, half 10 ’s ochtends"),
    ],
)
def test_a_moment_is_said_as_people_in_the_netherlands_say_it(moment: datetime, nl: str):
    assert say_moment(moment, "nl") == nl


def test_every_hour_and_quarter_has_words():
    said = {
        say_time(datetime(2026, 11, 30, hour, minute, tzinfo=UTC), "nl") for hour in range(24) for minute in (0, 30)
    }
    assert len(said) == 48


def test_a_date_is_said_with_its_year_where_that_helps():
    assert say_date(date(2027, 1, 6), "nl", year=True) == "woensdag 6 januari 2027"
    assert say_date(date(2027, 1, 6), "en") == "Wednesday 6 January"


def test_every_text_that_is_used_is_there_in_every_language_with_its_placeholders():
    assert faults() == []
    assert len(used_keys()) > 200


def test_a_value_with_braces_of_its_own_stays_as_it_was_typed():
    assert "{name}" in t("nl", "state.to_do_consent", name="{name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_on_screen_uses_the_words_the_product_does_not_use(language: str):
    banned = {"nl": ("client", "cliënt", "casus", "traject", "interventie"), "en": ("client", "case ", "intervention")}
    for key, text in texts(language).items():
        assert not any(word in text.lower() for word in banned[language]), key

"""How dates, times and rhythms are said, as people say them: "maandag 30 november, 7 uur ’s avonds"."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

NETHERLANDS = ZoneInfo("Europe/Amsterdam")
_ORDER = ("mo", "tu", "we", "th", "fr", "sa", "su")
_NAMES = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_DAYS = {language: dict(zip(_ORDER, names, strict=True)) for language, names in _NAMES.items()}


def say_date(day: date, language: str, *, year: bool = False) -> str:
    """Say a day: "maandag 30 november"."""
    pattern = "EEEE d MMMM" + (" y" if year else "")
    return format_date(day, pattern, locale=language)


def say_moment(moment: datetime, language: str, *, year: bool = False) -> str:
    """Say a day and time on the Dutch clock: "maandag 30 november, 7 uur ’s avonds"."""
    local = moment.astimezone(NETHERLANDS) if moment.tzinfo else moment
    return f"{say_date(local.date(), language, year=year)}, {say_time(local, language)}"


def say_clock(moment: datetime) -> str:
    """Say a time as a clock shows it: "14:05"."""
    return f"{moment.astimezone(NETHERLANDS):%H:%M}"


def say_day_and_clock(moment: datetime, now: datetime, language: str) -> str:
    """Say when something happened, short: "vandaag om 14:05", "maandag 30 november om 14:05"."""
    day = moment.astimezone(NETHERLANDS).date()
    said = {"nl": "vandaag", "en": "today"}[language] if day == now.astimezone(NETHERLANDS).date() else ""
    at = {"nl": "om", "en": "at"}[language]
    return f"{said or say_date(day, language)} {at} {say_clock(moment)}"


def say_time(moment: datetime, language: str) -> str:
    """Say a time of the day: "half 8 ’s avonds"."""
    if language != "nl":
        return f"{moment.hour % 12 or 12}:{moment.minute:02} {'am' if moment.hour < 12 else 'pm'}"
    hour, following = moment.hour % 12 or 12, (moment.hour + 1) % 12 or 12
    part = next(name for until, name in _DUTCH_PARTS if moment.hour < until)
    said = {
        0: f"{hour} uur",
        15: f"kwart over {hour}",
        30: f"half {following}",
        45: f"kwart voor {following}",
    }
    return f"{said.get(moment.minute, f'{hour}.{moment.minute:02} uur')} {part}"


_DUTCH_PARTS = ((6, "’s nachts"), (12, "’s ochtends"), (18, "’s middags"), (24, "’s avonds"))


def say_when(when: Mapping[str, Any] | None, language: str) -> str:
    """Say when an agreement is kept: "elke woensdag", "om de week op zondag", "zaterdag 5 december"."""
    if not when:
        return ""
    if when["kind"] == "date":
        return say_date(date.fromisoformat(when["date"]), language)
    until = when.get("until")
    said = _rhythm(when, language)
    if until:
        word = "tot" if language == "nl" else "until"
        said += f", {word} {format_date(date.fromisoformat(until), 'd MMMM', locale=language)}"
    return said


def _rhythm(when: Mapping[str, Any], language: str) -> str:
    days = _said_days([day for day in _ORDER if day in when.get("days", ())], language)
    every = when["every"]
    if language == "nl":
        if every == "week":
            return (f"elke {days}" if " en " not in days else days) if days else "elke week"
        if every == "two_weeks":
            return f"om de week op {days}" if days else "om de week"
        return {"day": "elke dag", "month": "elke maand"}[str(every)]
    if every == "week":
        return f"every {days}" if days else "every week"
    if every == "two_weeks":
        return f"every other {days}" if days else "every other week"
    return {"day": "every day", "month": "every month"}[str(every)]


def _said_days(days: list[str], language: str) -> str:
    if tuple(days) == _ORDER[:5]:
        return {"nl": "maandag tot en met vrijdag", "en": "Monday to Friday"}[language]
    return _listed([_DAYS[language][day] for day in days], language)


def _listed(words: list[str], language: str) -> str:
    joined = " en " if language == "nl" else " and "
    return joined.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)

"""The words on the screens: gettext catalogues, one file per screen and language, found by key."""

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

LOCALES: Final = Path(__file__).resolve().parent.parent / "frontend" / "locales"
LANGUAGES: Final = {"nl": "Nederlands", "en": "English"}
FIRST_LANGUAGE: Final = "nl"


@cache
def texts(language: str) -> dict[str, str]:
    """Return all texts of a language, by key."""
    found: dict[str, str] = {}
    for file in sorted((LOCALES / language).glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source, locale=language):
                if message.id and isinstance(message.id, str) and isinstance(message.string, str):
                    found[message.id] = message.string
    return found


def t(language: str, key: str, **values: object) -> str:
    """Return one text, its {placeholders} filled. Raises KeyError for a key that no catalogue has."""
    text = texts(language)[key]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def known_language(language: str | None) -> str:
    """Return `language` when there are texts in it, else the first language."""
    return language if language in LANGUAGES else FIRST_LANGUAGE

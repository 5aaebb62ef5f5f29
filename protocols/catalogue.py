"""Finds protocols, reads them whole, and refuses one with a mistake in words that help.

A protocol is a folder: protocol.yaml and a text file for each of its languages.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from protocols.checks import Fault, faults_of, sentences_needed, word_faults
from protocols.definition import Definition, UsualWords, Words
from protocols.marks import Unreadable, line_of, read_marked
from protocols.requirements import Missing

Made = TypeVar("Made", bound=BaseModel)

LIBRARY: Final = Path(__file__).resolve().parent / "library"
USUAL_WORDS: Final = Path(__file__).resolve().parent / "usual_words"


class DefinitionError(Exception):
    """A protocol with mistakes, all of them at once: file, line, place, problem and remedy."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Protocol:
    """A whole protocol: its structure, and its words by language."""

    definition: Definition
    texts: dict[str, Words]

    @classmethod
    def from_source(cls, source: str) -> "Protocol":
        """Return the protocol that `source` gave, to the letter."""
        kept = json.loads(source)
        for move in kept["definition"]["moves"].values():
            # Earlier sources say a move's name twice.
            move.pop("id", None)
        return cls(
            Definition.model_validate(kept["definition"]),
            {language: Words.model_validate(words) for language, words in kept["texts"].items()},
        )

    def words(self, language: str) -> Words:
        """Return the words in a language; where the protocol does not speak it, in its first."""
        return self.texts.get(language) or next(iter(self.texts.values()))

    @cached_property
    def source(self) -> str:
        """The protocol as JSON, equal for equal protocols: a meeting keeps this for good."""
        kept = {
            "definition": self.definition.model_dump(mode="json", by_alias=True),
            "texts": {language: words.model_dump(mode="json") for language, words in self.texts.items()},
        }
        return json.dumps(kept, ensure_ascii=False, sort_keys=False, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of the source."""
        return hashlib.sha256(self.source.encode()).hexdigest()


def describe(protocol: Protocol, language: str, missing: Missing) -> str:
    """Return what is missing as a sentence."""
    sentence = protocol.words(language).requirements[missing.key]
    for name, value in missing.values.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    return sentence


class Catalogue:
    """The protocols that an installation knows."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._protocols: dict[str, Protocol] = {}
        places: dict[str, Path] = {}
        for folder in folders:
            protocol = load_protocol(folder)
            known = places.get(protocol.definition.id)
            if known is not None:
                raise DefinitionError([f"{folder} and {known} both say to be “{protocol.definition.id}”; rename one."])
            places[protocol.definition.id] = folder
            self._protocols[protocol.definition.id] = protocol

    @classmethod
    def of_library(cls, *more: Path) -> "Catalogue":
        """Return the library's protocols, with those in further folders. Raises DefinitionError."""
        return cls(
            folder.parent for place in (LIBRARY, *more) for folder in sorted(Path(place).glob("*/protocol.yaml"))
        )

    def find(self, id_: str) -> Protocol | None:
        """Return a protocol, or None."""
        return self._protocols.get(id_)

    def all(self) -> list[Protocol]:
        """Return all protocols, in a fixed order."""
        return [self._protocols[id_] for id_ in sorted(self._protocols)]


def load_protocol(folder: Path) -> Protocol:
    """Read and check a protocol's folder. Raises DefinitionError with every mistake."""
    definition = _read(folder / "protocol.yaml", Definition)
    lines = read_marked(folder / "protocol.yaml")[1]
    mistakes = [_sentence(folder / "protocol.yaml", fault, lines) for fault in faults_of(definition)]
    if mistakes:
        raise DefinitionError(mistakes)
    texts = {}
    for language in definition.languages:
        file = folder / f"{language}.yaml"
        words = _with_usual_words(definition, language, _read(file, Words))
        mistakes += [_sentence(file, fault, read_marked(file)[1]) for fault in word_faults(definition, words)]
        texts[language] = words
    if mistakes:
        raise DefinitionError(mistakes)
    return Protocol(definition, texts)


def _with_usual_words(definition: Definition, language: str, own: Words) -> Words:
    """Fill what a protocol's own words leave out with what is said everywhere, as far as this protocol needs it."""
    usual = usual_words(language)
    if usual is None:
        return own
    sentences = sentences_needed(definition)
    return own.model_copy(
        update={
            "roles": {role: text for role, text in usual.roles.items() if role in definition.roles} | own.roles,
            "requirements": {key: text for key, text in usual.requirements.items() if key in sentences}
            | own.requirements,
        }
    )


@cache
def usual_words(language: str) -> UsualWords | None:
    """Return the words that protocols share in a language, or None when there are none."""
    file = USUAL_WORDS / f"{language}.yaml"
    return _read(file, UsualWords) if file.exists() else None


def _read(file: Path, shape: type[Made]) -> Made:
    try:
        content, lines = read_marked(file)
    except FileNotFoundError as error:
        raise DefinitionError([f"{file}: this file is not there; write it."]) from error
    except Unreadable as error:
        raise DefinitionError([f"{file}, line {error.line}: {error.problem}; mend the YAML here."]) from error
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        mistakes = [_sentence(file, _fault(part), lines) for part in error.errors()]
        raise DefinitionError(mistakes) from error


def _fault(error: Any) -> Fault:
    path = tuple(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return Fault(path, "this key means nothing here", "take it out, or mend its spelling")
    if error["type"] == "missing":
        return Fault(path, "this is missing", "add it")
    problem = str(error["msg"]).removeprefix("Value error, ")
    return Fault(path, problem[:1].lower() + problem[1:], "change it so")


def _sentence(file: Path, fault: Fault, lines: dict[tuple[str, ...], int]) -> str:
    line = line_of(fault.path, lines)
    at = f", line {line}" if line else ""
    place = ".".join(fault.path) or "the whole file"
    return f"{file.parent.name}/{file.name}{at}, {place}: {fault.problem}; {fault.remedy}."

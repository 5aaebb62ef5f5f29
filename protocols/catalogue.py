"""Finds protocols, reads them whole, and refuses one with a mistake in words that help.

A protocol is a folder: protocol.yaml and a text file for each of its languages.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from protocols.checks import faults_of
from protocols.checks_words import sentences_needed, word_faults
from protocols.definition import AS_KEPT, Definition, UsualWords, Words
from protocols.faults import Fault
from protocols.marks import Unreadable, line_of, read_marked
from protocols.requirements import Missing
from protocols.usual_acts import with_usual_acts

Made = TypeVar("Made", bound=BaseModel)

LIBRARY: Final = Path(__file__).resolve().parent / "library"
# Installed packages name here the package or module whose folder holds protocols.
ENTRY_POINTS: Final = "rondom.protocols"
USUAL_WORDS: Final = Path(__file__).resolve().parent / "usual_words"
_FIRST_LANGUAGE: Final = "nl"


@dataclass(frozen=True)
class Mistake:
    """A fault of one file, with the line it stands on where that is known."""

    file: Path
    line: int | None
    fault: Fault

    @property
    def place(self) -> str:
        """The part of the file, as its keys lead there; empty for the file as a whole."""
        return ".".join(self.fault.path)

    def __str__(self) -> str:
        at = f", line {self.line}" if self.line else ""
        at += f", {self.place}" if self.place else ""
        return f"{self.file.parent.name}/{self.file.name}{at}: {self.fault.problem}; {self.fault.remedy}."


class DefinitionError(Exception):
    """Protocols with mistakes, all of them at once: file, line, place, problem and remedy."""

    def __init__(self, found: Iterable[Mistake | str]) -> None:
        self.found = list(found)
        super().__init__("\n".join(self.mistakes))

    @property
    def mistakes(self) -> list[str]:
        """Each mistake as one sentence."""
        return [str(mistake) for mistake in self.found]


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
            {language: Words.model_validate(words, context=AS_KEPT) for language, words in kept["texts"].items()},
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
    words = protocol.words(language)
    # A meeting that began before this could be missing keeps the words that there were then.
    known = (words, usual_words(language), usual_words(_FIRST_LANGUAGE))
    sentence = next(one.requirements[missing.key] for one in known if one and missing.key in one.requirements)
    for name, value in missing.values.items():
        # Which of several questions it is about, everybody reads in their own language.
        said = words.voices[value].title if name == "voice" else value
        sentence = sentence.replace(f"{{{name}}}", said)
    return sentence


def said_of(protocol: Protocol, language: str, selectors: Iterable[str]) -> str:
    """Say whom roles, sides, "central_person" and "everyone" mean: "hoofdpersoon, ouder"."""
    usual = usual_words(language)
    names = {**protocol.words(language).roles, **(usual.people if usual else {})}
    return ", ".join(names.get(selector, selector) for selector in selectors)


class Catalogue:
    """The protocols that an installation knows."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._protocols: dict[str, Protocol] = {}
        places: dict[str, list[Path]] = {}
        found: list[Mistake | str] = []
        for folder in folders:
            try:
                protocol = _load_as_it_stands(folder, _stamp(folder))
            except DefinitionError as error:
                found += error.found
                continue
            places.setdefault(protocol.definition.id, []).append(folder)
            self._protocols[protocol.definition.id] = protocol
        for id_, known in sorted(places.items()):
            if len(known) > 1:
                # In an order of their own, whatever the order in which they were found.
                both = " and ".join(str(folder) for folder in sorted(known))
                found.append(f"{both} {'both' if len(known) == 2 else 'all'} say to be “{id_}”; rename one.")
        if found:
            raise DefinitionError(found)

    @classmethod
    def of_library(cls, *more: Path) -> "Catalogue":
        """Return the library's protocols, with those in further folders. Raises DefinitionError."""
        return cls(folders_in(LIBRARY, *more))

    @classmethod
    def of_installation(cls, *more: Path) -> "Catalogue":
        """Return the protocols of the library, of installed packages and in further folders. Raises DefinitionError."""
        return cls(folders_in(LIBRARY, *package_folders(), *more))

    def find(self, id_: str) -> Protocol | None:
        """Return a protocol, or None."""
        return self._protocols.get(id_)

    def all(self) -> list[Protocol]:
        """Return all protocols, in a fixed order."""
        return [self._protocols[id_] for id_ in sorted(self._protocols)]


def folders_in(*places: Path) -> list[Path]:
    """Return the folders of protocols in these places, each once; a place may be such a folder itself.

    Raises DefinitionError for a place that is not there.
    """
    found: dict[Path, Path] = {}
    for place in places:
        if not place.is_dir():
            raise DefinitionError([f"{place}: there is no such folder; mend the path, or take it out of the setting."])
        files = [place / "protocol.yaml"] if (place / "protocol.yaml").exists() else place.glob("*/protocol.yaml")
        found |= {file.parent.resolve(): file.parent for file in sorted(files)}
    return list(found.values())


def package_folders() -> list[Path]:
    """Return the folders that installed packages say hold protocols. Nothing of those packages is run.

    Raises DefinitionError when one is not there.
    """
    found = []
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: (entry.name, entry.value)):
        folders = _folders_of_module(entry.module)
        if not folders:
            raise DefinitionError(
                [f"The installed package “{entry.name}” names {entry.module}, which is not there; install it anew."]
            )
        found += folders
    return found


def _folders_of_module(module: str) -> list[Path]:
    try:
        spec = find_spec(module)
    except ImportError:
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations is not None:
        return [Path(folder) for folder in spec.submodule_search_locations]
    return [Path(spec.origin).parent] if spec.origin else []


def declared_id(folder: Path) -> str:
    """Return what a protocol's folder says to be, or its own name where that cannot be read."""
    try:
        content, _lines = read_marked(folder / "protocol.yaml")
    except Unreadable:
        return folder.name
    return str(content["id"]) if isinstance(content, dict) and "id" in content else folder.name


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file of a protocol does. Of one that only seems to be there, it is told when it is read."""
    files = ((file.name, file.stat()) for file in sorted(folder.glob("*.yaml")) if file.exists())
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


@lru_cache(maxsize=64)
def _load_as_it_stands(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Protocol:
    return load_protocol(folder)


def load_protocol(folder: Path) -> Protocol:
    """Read and check a protocol's folder. Raises DefinitionError with every mistake."""
    file = folder / "protocol.yaml"
    definition, lines = _read(file, Definition)
    mistakes: list[Mistake | str]
    definition = with_usual_acts(definition)
    mistakes = [_mistake(file, fault, lines) for fault in faults_of(definition)]
    if mistakes:
        raise DefinitionError(mistakes)
    texts = {}
    for language in definition.languages:
        file = folder / f"{language}.yaml"
        try:
            own, lines = _read(file, Words)
        except DefinitionError as error:
            mistakes += error.found
            continue
        words = _with_usual_words(definition, language, own)
        mistakes += [_mistake(file, fault, lines) for fault in word_faults(definition, words)]
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
    return _read(file, UsualWords)[0] if file.exists() else None


def _read(file: Path, shape: type[Made]) -> tuple[Made, dict[tuple[str, ...], int]]:
    try:
        content, lines = read_marked(file)
    except Unreadable as error:
        raise DefinitionError([Mistake(file, error.line, Fault((), error.problem, error.remedy))]) from error
    try:
        return shape.model_validate(content), lines
    except ValidationError as error:
        # A key that was lost makes all that stood under it wrong: it comes first.
        found = sorted(error.errors(), key=lambda part: not (part["type"] == "missing" and len(part["loc"]) == 1))
        faults = {_fault(part, content): None for part in found}
        raise DefinitionError(_mistake(file, fault, lines) for fault in faults) from error


# What pydantic calls a mistake, said to somebody who writes a protocol.
_SAID: Final = {
    "extra_forbidden": ("this key means nothing here", "take it out, or mend its spelling"),
    "missing": ("this is missing", "add it"),
    "string_type": ("a text belongs here", "write one, in quotes where it looks like a number, a day, or yes or no"),
    "string_too_short": ("this text is empty", "write it"),
    "int_type": ("a whole number belongs here", "write one, such as 1"),
    "int_from_float": ("a whole number belongs here", "write one, such as 1"),
    "bool_type": ("only true or false can stand here", "choose one of the two"),
    "tuple_type": ("a list belongs here", "write one: [one, two]"),
    "dict_type": ("names with their parts belong here", "write them: {name: …}"),
    "model_type": ("names with their parts belong here", "write them: {name: …}"),
    "model_attributes_type": ("names with their parts belong here", "write them: {name: …}"),
    "union_tag_not_found": ("this has no kind", "add it, such as kind: text"),
}


def _fault(error: Any, content: Any) -> Fault:
    path, about = _path(error["loc"], content), error.get("ctx", {})
    kind = str(error["type"])
    given, key = error["input"], error["loc"][-1] if error["loc"] else ""
    if kind == "missing" and path[-1:] != (key,) and "kind" in given:
        return Fault(
            path,
            f"“{given['kind']}” says too little by its name alone: the key “{key}” is missing",
            f"write it out: {{id: {given['id']}, kind: {given['kind']}, {key}: …}}",
        )
    if kind in _SAID:
        return Fault(path, *_SAID[kind])
    if kind == "greater_than_equal":
        return Fault(path, f"{given} is too little here", f"write {about['ge']} or more")
    if kind == "less_than_equal":
        return Fault(path, f"{given} is too much here", f"write {about['le']} or less")
    if kind == "string_too_long":
        signs, most = len(given), about["max_length"]
        return Fault(path, f"this text has {signs} signs, and a phone shows {most} here", "say it shorter")
    if kind == "string_pattern_mismatch":
        return Fault(
            path,
            f"“{given}” is no name",
            "begin with a small letter, and use only small letters, digits and _, 40 at most",
        )
    if kind == "literal_error":
        problem = f"“{given}” is not known here" if isinstance(given, str) else "a word belongs here"
        return Fault(path, problem, f"choose one of: {about['expected']}")
    if kind == "union_tag_invalid":
        named = isinstance(given.get("kind"), str)
        problem = f"there is no kind “{about['tag']}”" if named else "its kind is no word"
        return Fault(path, problem, f"choose one of: {about['expected_tags']}")
    if kind in ("too_short", "too_long"):
        least, most = about.get("min_length"), about.get("max_length")
        wanted = f"at least {least}" if kind == "too_short" else f"at most {most}"
        return Fault(path, f"{len(given)} stand here, and it takes {wanted}", "change it so")
    problem = str(error["msg"]).removeprefix("Value error, ")
    return Fault(path, problem[:1].lower() + problem[1:], "change it so")


def _path(loc: Iterable[str | int], content: Any) -> tuple[str, ...]:
    """The keys that lead to a mistake, without what pydantic says in between of the shapes it tried."""
    path: list[str] = []
    parts = list(loc)
    for position, part in enumerate(parts):
        known = isinstance(content, dict) and part in content
        if known or (isinstance(content, list) and isinstance(part, int) and part < len(content)):
            content = content[part]
        elif position < len(parts) - 1 or "[" in str(part) or not isinstance(content, dict):
            continue
        path.append(str(part))
    return tuple(path)


def _mistake(file: Path, fault: Fault, lines: dict[tuple[str, ...], int]) -> Mistake:
    return Mistake(file, line_of(fault.path, lines), fault)

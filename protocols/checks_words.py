"""Proves that a protocol says everything it has to say, in each of its languages and in whole sentences."""

from collections.abc import Iterator

from protocols.definition import Definition, Words
from protocols.faults import Fault
from protocols.requirements import REQUIREMENTS


def word_faults(definition: Definition, words: Words) -> list[Fault]:
    """Return every text that is missing, or that nothing asks for."""
    sentences = sentences_needed(definition)
    found = [*_part_faults(definition, words)]
    for part, wanted, given in (
        ("roles", definition.roles, words.roles),
        ("boards", definition.boards, words.boards),
        ("instruments", definition.worded_instruments(), words.instruments),
        ("voices", definition.voices, words.voices),
        ("phases", definition.phases, words.phases),
        ("moves", definition.moves, words.moves),
        ("requirements", sentences, words.requirements),
    ):
        found += [Fault((part, name), "this text is missing", "write it") for name in wanted if name not in given]
        found += [
            Fault((part, name), "nothing in protocol.yaml has this name", "take it out, or mend its spelling")
            for name in given
            if name not in wanted
        ]
    for key, text in words.requirements.items():
        for placeholder in _placeholders(text) - sentences.get(key, frozenset(_placeholders(text))):
            known = ", ".join(f"{{{name}}}" for name in sorted(sentences[key])) or "none"
            found.append(
                Fault(("requirements", key), f"it has no {{{placeholder}}} to fill in", f"it can have: {known}")
            )
    return found


def sentences_needed(definition: Definition) -> dict[str, frozenset[str]]:
    """Return the keys of all sentences that a definition's requirements say, each with what can be filled in."""
    needed: dict[str, frozenset[str]] = {}
    for use in (use for move in definition.moves.values() for use in move.requires):
        given = REQUIREMENTS[use.name].sentences
        if use.says is not None:
            needed[use.says] = frozenset(name for names in given.values() for name in names)
        else:
            needed |= given
    return needed


def _part_faults(definition: Definition, words: Words) -> Iterator[Fault]:
    for id_, instrument in definition.worded_instruments().items():
        if id_ not in words.instruments:
            continue
        given = words.instruments[id_].parts
        for part in instrument.parts:
            if part not in given:
                yield Fault(("instruments", id_, "parts", part), "this text is missing", "write it")
        for part in given:
            if part not in instrument.parts:
                yield Fault(
                    ("instruments", id_, "parts", part),
                    "nothing in protocol.yaml has this name",
                    "take it out, or mend its spelling",
                )
    for id_, voice in definition.voices.items():
        said = words.voices.get(id_)
        if said is not None and voice.kind == "scale" and voice.of is None and not (said.low and said.high):
            yield Fault(("voices", id_), "the ends of this scale have no words", "write low and high")

    for id_, phase in words.phases.items():
        for part in ("agenda", "questions", "do", "dont"):
            yield from _half_sentences(("phases", id_, part), getattr(phase, part))


def _half_sentences(path: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[Fault]:
    """Yield the lines that begin with a small letter: between [ and ] a comma cuts a sentence in two."""
    for at, line in enumerate(lines):
        if line[:1].islower():
            yield Fault(
                (*path, str(at)),
                "it begins with a small letter, so it may be half a sentence",
                "put a sentence that has a comma between quotes, or begin with a capital",
            )


def _placeholders(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:] if "}" in part}

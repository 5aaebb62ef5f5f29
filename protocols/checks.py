"""Proves what must hold of a protocol before anybody meets by it. Each fault names its place and the remedy.

Here is whether the parts of a definition know each other by name. What they do together is proved by subject, in
checks_people, checks_boards, checks_private_time and checks_course, and what they say in checks_words.
"""

from collections.abc import Iterable, Iterator

from protocols.checks_boards import board_faults
from protocols.checks_course import course_faults
from protocols.checks_people import people_faults
from protocols.checks_private_time import private_time_faults
from protocols.definition import ACTS, CENTRAL_PERSON, EVERYONE, SIDES, Definition, Requirement
from protocols.faults import Fault
from protocols.requirements import REQUIREMENTS


def faults_of(definition: Definition) -> list[Fault]:
    """Return every fault of a definition; those of names first, for the rest makes no sense without them."""
    named = [*_said_twice(definition), *_unknown_names(definition)]
    return named or [
        *people_faults(definition),
        *board_faults(definition),
        *private_time_faults(definition),
        *course_faults(definition),
    ]


def _said_twice(definition: Definition) -> Iterator[Fault]:
    for language in dict.fromkeys(definition.languages):
        if definition.languages.count(language) > 1:
            yield Fault(("languages",), f"“{language}” stands here a second time", "take one of the two out")


def _unknown_names(definition: Definition) -> Iterator[Fault]:
    people = {*definition.roles, *SIDES, CENTRAL_PERSON, EVERYONE}
    for place, chosen in definition.selectors():
        if chosen not in people:
            yield _unknown(tuple(place.split(".")), "role or side", chosen, people)
    yield from _all_known(("central_role",), "role", [definition.central_role], definition.roles)
    for name, act in definition.acts.items():
        yield from _all_known(("acts", name), "act", [name], ACTS)
        if act.phases != "all":
            yield from _all_known(("acts", name, "phases"), "phase", act.phases, definition.phases)
    for id_, phase in definition.phases.items():
        yield from _all_known(("phases", id_, "boards"), "board", phase.boards, definition.boards)
        yield from _all_known(("phases", id_, "opens"), "board", [phase.opens] if phase.opens else [], phase.boards)
    for id_, voice in definition.voices.items():
        yield from _all_known(("voices", id_, "phases"), "phase", voice.phases, definition.phases)
        if voice.kind == "scale" and voice.of is not None:
            pairs = [f"{board}.{one.id}" for board, one in definition.instruments() if one.kind == "pairs"]
            yield from _all_known(("voices", id_, "of"), "instrument with pairs", [voice.of], pairs)
    for id_, move in definition.moves.items():
        at = ("moves", id_)
        yield from _all_known((*at, "from"), "phase", move.from_, definition.phases)
        yield from _all_known((*at, "to"), "phase", [move.to], definition.phases)
        yield from _all_known((*at, "requires"), "requirement", [use.name for use in move.requires], REQUIREMENTS)
        for number, use in enumerate(move.requires):
            if use.name in REQUIREMENTS:
                yield from _looks_at((*at, "requires", str(number)), use, definition)
        yield from _all_known((*at, "back"), "move", [move.back] if move.back else [], definition.moves)
        for part, pair in (("releases", move.releases), ("copies", move.copies)):
            if pair is not None:
                yield from _all_known((*at, part), "board", [pair.from_, pair.to], definition.boards)
        yield from _all_known((*at, "freezes"), "board", [move.freezes] if move.freezes else [], definition.boards)


def _looks_at(path: tuple[str, ...], use: Requirement, definition: Definition) -> Iterator[Fault]:
    """Whether a requirement looks at something that is there, of the kind it can look at."""
    asks = REQUIREMENTS[use.name]
    if asks.of is None or use.of is None:
        if asks.of is None and use.of is not None:
            yield Fault((*path, "of"), f"“{use.name}” looks at nothing in particular", "take this out")
        if asks.of is not None and not asks.of_may_be_left_out:
            yield Fault(path, f"“{use.name}” needs to know of which {asks.of}", "add `of`")
        return
    if asks.of == "instrument":
        instruments = list(definition.instruments())
        known = [f"{board}.{one.id}" for board, one in instruments]
        known += [f"{board}.{one.id}.{part}" for board, one in instruments for part in one.parts]
    else:
        known = {
            "scale": [id_ for id_, voice in definition.voices.items() if voice.kind == "scale"],
            "round": [id_ for id_, voice in definition.voices.items() if voice.kind == "round"],
            "people": [*definition.roles, *SIDES, CENTRAL_PERSON, EVERYONE],
            "board": list(definition.boards),
        }[asks.of]
    yield from _all_known((*path, "of"), asks.of, [use.of], known)


def _all_known(path: tuple[str, ...], kind: str, used: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    names = set(known)
    for name in used:
        if name not in names:
            yield _unknown(path, kind, name, names)


def _unknown(path: tuple[str, ...], kind: str, name: str, known: Iterable[str]) -> Fault:
    return Fault(path, f"there is no {kind} “{name}”", f"choose one of: {', '.join(sorted(known))}")

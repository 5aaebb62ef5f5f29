"""Proves what must hold of a protocol before anybody meets by it. Each fault names its place and the remedy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from protocols.definition import ACTS, CENTRAL_PERSON, EVERYONE, SIDES, Definition, Requirement, Words
from protocols.requirements import REQUIREMENTS


@dataclass(frozen=True)
class Fault:
    """One mistake: where in the file, what is wrong, and what to do."""

    path: tuple[str, ...]
    problem: str
    remedy: str


def faults_of(definition: Definition) -> list[Fault]:
    """Return every fault of a definition; those of names first, for the rest makes no sense without them."""
    named = [*_unknown_names(definition)]
    return named or [*_course(definition), *_private_time(definition), *_ways_back(definition)]


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


def _placeholders(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:] if "}" in part}


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


def _course(definition: Definition) -> Iterator[Fault]:
    reached = _reachable(definition, {definition.first_phase})
    for id_, phase in definition.phases.items():
        leaving = [move for move in definition.moves.values() if id_ in move.from_]
        if id_ not in reached:
            yield Fault(("phases", id_), "no move ever leads to this phase", "add a move to it, or take it out")
        elif phase.final and leaving:
            yield Fault(("phases", id_), f"it is final, but “{leaving[0].id}” leaves it", "take one of the two out")
        elif not phase.final and not any(definition.phases[end].final for end in _reachable(definition, {id_}) - {id_}):
            yield Fault(("phases", id_), "from here no end can be reached", "add a move towards a final phase")


def _reachable(definition: Definition, start: set[str]) -> set[str]:
    reached, new = set(start), set(start)
    while new:
        new = {move.to for move in definition.moves.values() if new & set(move.from_)} - reached
        reached |= new
    return reached


def _private_time(definition: Definition) -> Iterator[Fault]:
    outside = {role for role, made in definition.roles.items() if made.side != "circle"} | set(SIDES) - {"circle"}
    outside.add(EVERYONE)
    own = {board for board, made in definition.boards.items() if made.circle}
    for id_, phase in definition.phases.items():
        for board, rights in phase.boards.items():
            for right, chosen in rights.by_right.items():
                for name in (name for name in chosen if name in outside and (board in own or phase.private)):
                    yield Fault(
                        ("phases", id_, "boards", board, right),
                        f"“{name}” is not of the circle, and this board is the circle's own here",
                        "let only circle or its roles in",
                    )
        if phase.private:
            for move in (move for move in definition.moves.values() if id_ in move.from_):
                for name in (name for name in move.by if name in outside):
                    yield Fault(
                        ("moves", move.id, "by"),
                        f"“{name}” is not of the circle, and only the circle ends private time",
                        "let only circle, its roles or central_person make this move",
                    )


def _ways_back(definition: Definition) -> Iterator[Fault]:
    for id_, move in definition.moves.items():
        if move.back is not None and move.to not in definition.moves[move.back].from_:
            yield Fault(("moves", id_, "back"), f"“{move.back}” does not leave “{move.to}”", "name a move that does")
        if move.direction == "stop" and (move.by != (CENTRAL_PERSON,) or move.requires or move.reason):
            yield Fault(
                ("moves", id_),
                "stopping is the central person's alone, and asks nothing",
                "by: [central_person], without requires or reason",
            )
        if move.confirm and len(move.from_) > 1:
            yield Fault(("moves", id_, "from"), "a move that is confirmed leaves one phase", "split the move")

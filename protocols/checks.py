"""Proves what must hold of a protocol before anybody meets by it. Each fault names its place and the remedy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from protocols.definition import ACTS, CENTRAL_PERSON, EVERYONE, SIDES, Definition, Words
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
    needed = {name for move in definition.moves.values() for name in (use.name for use in move.requires)}
    sentences = {key: given for name in needed for key, given in REQUIREMENTS[name].sentences.items()}
    found = []
    for part, wanted, given in (
        ("roles", definition.roles, words.roles),
        ("boards", definition.boards, words.boards),
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
    for id_, move in definition.moves.items():
        at = ("moves", id_)
        yield from _all_known((*at, "from"), "phase", move.from_, definition.phases)
        yield from _all_known((*at, "to"), "phase", [move.to], definition.phases)
        yield from _all_known((*at, "requires"), "requirement", [use.name for use in move.requires], REQUIREMENTS)
        yield from _all_known((*at, "back"), "move", [move.back] if move.back else [], definition.moves)
        for part, pair in (("releases", move.releases), ("copies", move.copies)):
            if pair is not None:
                yield from _all_known((*at, part), "board", [pair.from_, pair.to], definition.boards)
        yield from _all_known((*at, "freezes"), "board", [move.freezes] if move.freezes else [], definition.boards)


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
            for right, chosen in (("read", rights.read), ("write", rights.write)):
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

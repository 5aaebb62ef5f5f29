"""Proves that private time is private: nobody but the circle is in, learns of it, or ends it (DESIGN.md §1.1)."""

from collections.abc import Iterator

from protocols.definition import EVERYONE, SIDES, Definition
from protocols.faults import Fault


def private_time_faults(definition: Definition) -> Iterator[Fault]:
    """Yield each way in or out of private time, or onto a board of the circle's own, that is not the circle's."""
    outside = {role for role, made in definition.roles.items() if made.side != "circle"}
    outside |= {*SIDES, EVERYONE} - {"circle"}
    yield from _boards(definition, outside)
    yield from _voices(definition, outside)
    yield from _doors(definition, outside)


def _boards(definition: Definition, outside: set[str]) -> Iterator[Fault]:
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


def _voices(definition: Definition, outside: set[str]) -> Iterator[Fault]:
    for id_, voice in definition.voices.items():
        private = [phase for phase in voice.phases if definition.phases[phase].private]
        for right, chosen in (("by", voice.by), ("asked_by", voice.asked_by)):
            for name in (name for name in chosen if private and name in outside):
                yield Fault(
                    ("voices", id_, right),
                    f"“{name}” is not of the circle, and “{private[0]}” is private",
                    "let only circle or its roles answer and ask there, or ask in another phase",
                )


def _doors(definition: Definition, outside: set[str]) -> Iterator[Fault]:
    private = {id_ for id_, phase in definition.phases.items() if phase.private}
    for move in definition.moves.values():
        left = [phase for phase in move.from_ if phase in private]
        if not left:
            continue
        for name in (name for name in move.by if name in outside):
            yield Fault(
                ("moves", move.id, "by"),
                f"“{name}” is not of the circle, and only the circle ends private time",
                "let only circle, its roles or central_person make this move",
            )
        if move.confirm is None and move.direction != "stop":
            yield Fault(
                ("moves", move.id),
                f"it ends “{left[0]}” at one person's word",
                "add confirm: {seconds: 30}, so that the others can still say “nog niet”",
            )

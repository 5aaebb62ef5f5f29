"""Proves that the boards of a protocol can hold what its moves and requirements look for on them."""

from collections import Counter
from collections.abc import Iterator

from protocols.definition import Definition, Move
from protocols.faults import Fault
from protocols.instruments import Scale
from protocols.rights import board_right, may_answer, may_ask


def board_faults(definition: Definition) -> Iterator[Fault]:
    """Yield what a board lacks, has twice, or cannot hold."""
    for board, made in definition.boards.items():
        at = ("boards", board)
        for id_, count in Counter(one.id for one in made.instruments).items():
            if count > 1:
                yield Fault(at, f"two parts of this board are called “{id_}”", "give each a name of its own")
        kinds = Counter(one.kind for one in made.instruments)
        for kind in ("plan", "review"):
            if kinds[kind] > 1:
                yield Fault(at, f"this board has more than one {kind}", "keep one of them")
        for one in made.instruments:
            if one.kind == "columns" and len(set(one.lists)) != len(one.lists):
                twice = next(name for name, count in Counter(one.lists).items() if count > 1)
                yield Fault(
                    at, f"the list “{twice}” stands in two columns of “{one.id}”", "give each a name of its own"
                )
    for move in definition.moves.values():
        yield from _of_move(definition, move)
        yield from _more_than_fits(definition, move)
    for id_, voice in definition.voices.items():
        if voice.kind == "scale" and voice.of is not None:
            yield from _unread(definition, id_, voice, voice.of.split(".")[0])


def _unread(definition: Definition, id_: str, voice: Scale, board: str) -> Iterator[Fault]:
    """Whoever gives a number to what stands on a board reads it there: the question shows its words."""
    for phase in voice.phases:
        for role, made in definition.roles.items():
            asked = may_answer(voice, phase, role, made.side, False) or may_ask(voice, phase, role, made.side, False)
            if asked and board_right(definition, phase, role, made.side, False, board) not in ("read", "write"):
                yield Fault(
                    ("voices", id_),
                    f"in {phase}, “{role}” is shown what stands on “{board}”, and may not read it there",
                    f"let {role} read {board} in {phase}, or leave {role} out here",
                )


def _of_move(definition: Definition, move: Move) -> Iterator[Fault]:
    at, plan = ("moves", move.id), definition.plan_board
    called = "add a board with a plan on it, that is not the circle's own" if plan is None else f"name “{plan}”"
    if move.freezes is not None and move.freezes != plan:
        yield Fault((*at, "freezes"), f"“{move.freezes}” is not the board with everybody's plan", called)
    if move.releases is not None:
        if move.releases.to != plan:
            yield Fault((*at, "releases", "to"), f"“{move.releases.to}” is not the board with everybody's plan", called)
        yield from _has_plan(definition, (*at, "releases", "from"), move.releases.from_)
    if move.copies is not None:
        if move.copies.from_ != plan:
            yield Fault(
                (*at, "copies", "from"), f"“{move.copies.from_}” is not the board with everybody's plan", called
            )
        yield from _has_plan(definition, (*at, "copies", "to"), move.copies.to)


def _has_plan(definition: Definition, path: tuple[str, ...], board: str) -> Iterator[Fault]:
    made = definition.boards[board]
    if not made.circle or not any(one.kind == "plan" for one in made.instruments):
        yield Fault(path, f"“{board}” is no board of the circle's own with a plan", "name one that is")


def _more_than_fits(definition: Definition, move: Move) -> Iterator[Fault]:
    for number, use in enumerate(move.requires):
        instrument = definition.instrument(use.of) if use.name == "written" and use.of else None
        most = getattr(instrument, "most", None)
        if most is not None and use.least > most:
            yield Fault(
                ("moves", move.id, "requires", str(number), "least"),
                f"“{use.of}” has room for {most}, and this asks for {use.least}",
                "ask for fewer, or give it more room",
            )

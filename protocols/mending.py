"""Who could mend what a requirement finds missing, and in which phases: read from a definition alone.

A requirement says how it is mended (Named.mended_by): by an act, or by writing a plan or a board, or by a voice. Here
that meets who may do so in a phase.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from protocols.definition import CENTRAL_PERSON, Definition, Move, Requirement
from protocols.requirements import REQUIREMENTS
from protocols.rights import board_right, chosen, may_act, may_answer, may_ask

PARENT: Final = "parent"

# Acts that count only when each of these can do them: who decides for the central person (their parents too,
# methods.md §2), or everybody of the circle, since anybody of it may be the one who is waited for.
OF_WHO_DECIDES: Final = frozenset({"say_yes_to_meeting", "say_go", "consent"})
OF_THE_WHOLE_CIRCLE: Final = frozenset({"say_no_questions", "answer_agreement", "sign"})

_NEWCOMERS: Final = ("add_person", "manage_people")
_NEW_BOTTOM_LINES: Final = ("set_bottom_line", "set_late_bottom_line")
# What makes a requirement false again, besides what mends it: what can be said can be taken back.
_ALSO_UNDONE_BY: Final = {
    "voluntary_yes": _NEWCOMERS,
    "invites_consented": _NEWCOMERS,
    "all_prepared": _NEWCOMERS,
    "safe_to_meet": _NEWCOMERS,
    "central_person_go": _NEWCOMERS,
    "info_same": _NEWCOMERS,
    "scale_shown": _NEWCOMERS,
    "scale_answered": _NEWCOMERS,
    "round_agreed": _NEWCOMERS,
    "owner_said_yes": ("plan", "manage_people"),
    "bottomlines_readable": _NEW_BOTTOM_LINES,
    "bottomlines_read": _NEW_BOTTOM_LINES,
    "bottomlines_met": (*_NEW_BOTTOM_LINES, "plan"),
}


@dataclass(frozen=True)
class Somebody:
    """A kind of person that there can be in a meeting: a role, its side, and whether the meeting is about them."""

    role: str
    side: str
    central: bool = False


def everybody(definition: Definition) -> Iterator[Somebody]:
    """Yield each kind of person that a meeting by this protocol can have, the central person last."""
    for role, made in definition.roles.items():
        yield Somebody(role, made.side)
    yield Somebody(definition.central_role, definition.roles[definition.central_role].side, True)


def means_somebody(definition: Definition, selector: str) -> bool:
    """Tell whether a role, side, "central_person" or "everyone" means anybody that there can be."""
    return any(chosen((selector,), one.role, one.side, one.central) for one in everybody(definition))


def mended_in(definition: Definition, move: Move, use: Requirement, phase: str) -> bool:
    """Tell whether what this use of a requirement may find missing can be mended in a phase."""
    ways = REQUIREMENTS[use.name].mended_by
    return any(_possible(definition, way, move, use, phase, of_each=True) for way in ways)


def undone_in(definition: Definition, move: Move, use: Requirement, phase: str) -> bool:
    """Tell whether what this use of a requirement asks for can come to be missing in a phase."""
    if use.name == "review_dated":
        return True  # Time passes in each phase.
    ways = (*REQUIREMENTS[use.name].mended_by, *_ALSO_UNDONE_BY.get(use.name, ()))
    return any(_possible(definition, way, move, use, phase, of_each=False) for way in ways)


def remedies(definition: Definition, move: Move, use: Requirement, phase: str) -> str:
    """Say who would have to be let do what in a phase."""
    ways = REQUIREMENTS[use.name].mended_by
    return ", or ".join(_remedy(definition, way, move, use, phase) for way in ways)


def _possible(definition: Definition, way: str, move: Move, use: Requirement, phase: str, *, of_each: bool) -> bool:
    people = list(everybody(definition))
    if way in ("plan", "board"):
        board = _board(definition, way, move, use)
        return board is not None and any(
            board_right(definition, phase, one.role, one.side, one.central, board) == "write" for one in people
        )
    if way == "voice":
        voice = definition.voices.get(str(use.of))
        return (
            voice is not None
            and any(may_answer(voice, phase, one.role, one.side, one.central) for one in people)
            and any(may_ask(voice, phase, one.role, one.side, one.central) for one in people)
        )
    able = {one for one in people if may_act(definition, phase, one.role, one.side, one.central, way)}
    if of_each and way in OF_WHO_DECIDES and PARENT not in definition.roles:
        return False  # Nobody decides for a child under twelve.
    return bool(able) and (not of_each or able.issuperset(_needed(definition, way)))


def _needed(definition: Definition, act: str) -> Iterable[Somebody]:
    if act in OF_WHO_DECIDES:
        return [one for one in everybody(definition) if one.central or one.role == PARENT]
    if act in OF_THE_WHOLE_CIRCLE:
        return [one for one in everybody(definition) if one.side == "circle"]
    return ()


def _board(definition: Definition, way: str, move: Move, use: Requirement) -> str | None:
    if way == "board":
        return str(use.of).split(".")[0]
    if use.name == "something_to_show":
        return move.releases.from_ if move.releases else None
    plan = definition.plan_board
    if (
        plan
        and use.name == "review_dated"
        and not any(one.kind == "review" for one in definition.boards[plan].instruments)
    ):
        return None
    return plan


def _remedy(definition: Definition, way: str, move: Move, use: Requirement, phase: str) -> str:
    if way in ("plan", "board"):
        board = _board(definition, way, move, use)
        if board is None:
            lacking = {
                "something_to_show": "add `releases` to this move",
                "review_dated": "add a review beside the plan",
            }
            return lacking.get(use.name, "add a board with a plan on it")
        return f"let somebody write the board “{board}” in “{phase}”"
    if way == "voice":
        return f"add “{phase}” to the phases of the voice “{use.of}”"
    if way in OF_WHO_DECIDES:
        who = (
            f"{CENTRAL_PERSON} and {PARENT}" if PARENT in definition.roles else f"{CENTRAL_PERSON} and a role {PARENT}"
        )
    elif way in OF_THE_WHOLE_CIRCLE:
        who = "the whole circle"
    else:
        who = "somebody"
    return f"let {who} {way} in “{phase}”"

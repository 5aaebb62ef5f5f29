"""The one door: whether somebody may see or do something is asked here, and nowhere else (DESIGN.md §5).

The table behind it is the protocol's own: role × phase × board or act.
"""

from typing import Literal

from meetings.consent import is_welcome
from meetings.record import Participant, Record
from meetings.refusals import NotYours
from meetings.voices import latest
from protocols import rights


def may(who: Participant, act: str, record: Record) -> bool:
    """Tell whether `who` may do `act` in the phase the meeting is in."""
    return is_welcome(who, record) and rights.may_act(
        record.protocol.definition, record.phase, who.role, who.side, who.central, act
    )


def must(who: Participant, act: str, record: Record) -> None:
    """Let pass who may. Raises NotYours."""
    if not may(who, act, record):
        raise NotYours()


def board_right(who: Participant, board: str, record: Record) -> Literal["read", "write"] | None:
    """Tell how `who` may use a board now: "read", "write" (which reads too) or not at all."""
    if not is_welcome(who, record):
        return None
    right = rights.board_right(record.protocol.definition, record.phase, who.role, who.side, who.central, board)
    if right == "shown":
        return "read" if who.id in shown_to(record, board) else None
    return right


def anyone_writes(board: str, record: Record) -> bool:
    """Tell whether there is anybody who may write on a board now."""
    return any(board_right(person, board, record) == "write" for person in record.people.values())


def shown_to(record: Record, board: str) -> frozenset[str]:
    """Return to whom a board was shown by who may say so: the last word on it counts (methods.md §5.6, S2)."""
    said = sorted(latest(record, "show_board", board).values(), key=lambda voice: voice.at)
    return frozenset(said[-1].value["to"]) if said else frozenset()


def is_outside(who: Participant, record: Record) -> bool:
    """Tell whether a closed door stands between `who` and the circle: private time, and not of the circle.

    Whoever is outside learns nothing of the circle: not who is there, not who is ready, no count, no sign.
    """
    return record.protocol.definition.phases[record.phase].private and who.side != "circle"

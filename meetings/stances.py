"""Who sees a card of the three columns the same way and who does not: a worry that somebody disputes stays in, with who
agrees and who does not (methods.md §5.2). And who may see the board that a child wrote for itself."""

from typing import Literal

from meetings.boards.written import Line
from meetings.door import board_right, must, shown_to
from meetings.record import Participant, Record
from meetings.refusals import NotFound, NotYours, Refusal
from meetings.voices import latest, speak
from protocols.instruments import Columns
from protocols.rights import chosen

Stance = Literal["agree", "disagree", "none"]


def say_stance(record: Record, board: str, row: str, answer: Stance, *, by: Participant) -> None:
    """Say to see a card the same way or not, or take that back. Raises NotFound, NotYours."""
    must(by, "say_stance", record)
    if board not in record.boards or board_right(by, board, record) is None:
        raise NotYours("board_closed")
    if row not in _disputable(record, board):
        raise NotFound("no_such_card")
    speak(record, by, "stance", f"{board}.{row}", {"answer": answer})


def stances(record: Record, board: str) -> dict[str, dict[str, Stance]]:
    """Return for each card of a board who agrees and who does not, by the card's row."""
    found: dict[str, dict[str, Stance]] = {}
    rows = _disputable(record, board)
    for (who, subject), voice in latest(record, "stance").items():
        on, _, row = subject.partition(".")
        if on == board and row in rows and voice.value["answer"] != "none":
            found.setdefault(row, {})[who] = voice.value["answer"]
    return found


def choices_to_show(record: Record, board: str) -> list[Participant]:
    """Return to whom a board may be shown in this phase: those who do not have it anyhow."""
    rights = record.protocol.definition.phases[record.phase].boards.get(board)
    if rights is None:
        return []
    return [
        person
        for person in record.people.values()
        if chosen(rights.shown, person.role, person.side, person.central)
        and not chosen((*rights.write, *rights.read), person.role, person.side, person.central)
    ]


def show_board(record: Record, board: str, to: list[str], *, by: Participant) -> None:
    """Say who may see a board; nobody is an answer too. Raises NotYours, NotFound, Refusal."""
    must(by, "show_board", record)
    if board not in record.boards:
        raise NotFound("no_such_board")
    known = {person.id for person in choices_to_show(record, board)}
    if not known:
        raise Refusal("nobody_to_show")
    # Who was chosen in an earlier phase and is none of this one's choices keeps what they were given.
    kept = [person for person in shown_to(record, board) if person not in known]
    if not set(to) <= known:
        raise NotFound("no_such_person")
    speak(record, by, "show_board", board, {"to": sorted({*to, *kept})})


def _disputable(record: Record, board: str) -> set[str]:
    instruments = record.protocol.definition.boards[board].instruments
    written = record.written.get(board, {})
    return {
        line.row
        for one in instruments
        if isinstance(one, Columns) and one.stances
        for line in written.get(one.id, ())
        if isinstance(line, Line)
    }

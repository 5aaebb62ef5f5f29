"""Rehearsing: a throw-away meeting with made-up people, to see any phase as anybody, that leaves no trace.

It is a real meeting in the same house, so that everything works in it as it will in the real one; only who may jump is
different, and that nothing of it stays (docs/decisions/0017).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

import structlog
from sqlmodel import col, select

from meetings.boards.document import read_plan, update_with_plan
from meetings.boards.layout import plan_instruments
from meetings.boards.made_up import update_with_lines
from meetings.boards.replica import Replica, board_update_row
from meetings.consent import deciders, needs_consent
from meetings.course import log_event
from meetings.house import House
from meetings.people import enter_person, new_id
from meetings.plan.freezing import freeze_plan
from meetings.plan.values import Agreement, PlanValues, Review
from meetings.record import Participant, Record
from meetings.refusals import NotFound, NotYours, Refusal
from meetings.storage.database import TROUBLE
from meetings.storage.tables import Account, MeetingRow
from meetings.voices import speak
from protocols import machine
from protocols.definition import Definition
from protocols.mending import PARENT

_log: Final = structlog.get_logger("rondom")

LASTS: Final = timedelta(days=1)
_LOOK_FOR_OLD: Final = timedelta(hours=1)
_REVIEW_AFTER: Final = timedelta(days=42)
# Old enough to decide along, young enough for the parents to decide with them: so both are seen (methods.md §2).
_CENTRAL_AGE: Final = "12_15"


@dataclass(frozen=True)
class MadeUp:
    """What is made up for a rehearsal, in one language: names for each side, what is asked and said, and a plan."""

    title: str
    central: str
    names: Mapping[str, list[str]]
    question: str
    statement: str
    view: str
    bottom_line: Mapping[str, str]
    place: str
    agreements: list[dict[str, Any]]
    lines: Mapping[str, Any]


async def begin(house: House, account: Account, protocol: str, frame: str, made_up: MadeUp) -> tuple[str, str]:
    """Begin a rehearsal; an earlier one of this account is erased. Return the meeting's id and the coordinator's.

    Unless the frame is voluntary, a bottom line was set (methods.md §5.5).

    Raises Refusal "no_such_protocol".
    """
    for earlier in await rehearsals_of(house, account.id):
        await house.erase_meeting(earlier)
    meeting, coordinator = await house.start_meeting(
        account,
        protocol,
        made_up.title,
        {"name": made_up.central, "age_band": _CENTRAL_AGE},
        account.language,
        frame,
        rehearsing=True,
    )
    async with house.command(coordinator) as (record, by):
        _let_everybody_in(record, made_up, by)
        await record.session.flush()
        _say_what_is_said_before(record, made_up, by)
        plan = _made_up_plan(record, made_up)
        for board in record.protocol.definition.boards:
            await _write_plan(record, board, plan)
            await _write_lines(record, board, made_up)
        record.plan_values = plan
        _say_yes_to(record, plan)
    return meeting, coordinator


async def rehearsals_of(house: House, account: str) -> list[str]:
    """Return the rehearsals an account has under way."""
    async with house.database.reading() as session:
        rows = select(MeetingRow.id).where(col(MeetingRow.rehearsed_by) == account)
        return list((await session.scalars(rows)).all())


async def erase_old(house: House) -> int:
    """Erase the rehearsals that were forgotten, and return how many."""
    before = datetime.now(UTC) - LASTS
    async with house.database.reading() as session:
        rows = select(MeetingRow.id).where(
            col(MeetingRow.rehearsed_by).is_not(None), col(MeetingRow.created_at) < before
        )
        old = list((await session.scalars(rows)).all())
    for meeting in old:
        await house.erase_meeting(meeting)
    return len(old)


async def erase_old_forever(house: House) -> None:
    """Erase the rehearsals that were forgotten, now and every hour."""
    while True:
        try:
            await erase_old(house)
        except (Refusal, *TROUBLE) as error:
            _log.error("old rehearsals not erased", kind=type(error).__name__)
        await asyncio.sleep(_LOOK_FOR_OLD.total_seconds())


def must_be_rehearsal(record: Record) -> str:
    """Return whose rehearsal this is. Raises NotYours in a real meeting: nobody jumps there or looks as another."""
    if record.row.rehearsed_by is None:
        raise NotYours("no_rehearsal")
    return record.row.rehearsed_by


def must_be_real(record: Record) -> None:
    """Refuse what makes no sense for made-up people, such as a link. Raises Refusal."""
    if record.row.rehearsed_by is not None:
        raise Refusal("only_rehearsing")


async def jump(record: Record, phase: str, *, by: Participant) -> None:
    """Go to any phase, forth or back, whatever the protocol asks for. Raises NotYours in a real meeting, NotFound."""
    must_be_rehearsal(record)
    definition = record.protocol.definition
    if phase not in definition.phases:
        raise NotFound("no_such_phase")
    if record.pending is not None:
        record.gone.append(record.pending.row)
        record.pending = None
    record.about.pop("call", None)
    record.keep_about()
    if not record.plans and phase not in _before_freezing(definition):
        freeze_plan(record, by)
    if definition.phases[phase].private:
        await _show_plan_inside(record)
    log_event(record, "rehearsal_jumped", by, from_phase=record.phase, to_phase=phase)
    record.row.phase = phase
    record.row.phase_since = record.now()
    record.row.version += 1
    record.session.add(record.row)


def _before_freezing(definition: Definition) -> set[str]:
    """The phases that can be reached while nothing is frozen."""
    reached, edge = {definition.first_phase}, [definition.first_phase]
    while edge:
        for move in machine.moves_from(definition, edge.pop()):
            if move.freezes is None and move.to not in reached:
                reached.add(move.to)
                edge.append(move.to)
    return reached


def _let_everybody_in(record: Record, made_up: MadeUp, by: Participant) -> None:
    """One for each role; the central person and who leads are there already."""
    there = {person.role for person in record.people.values()}
    names = {side: _enough(made_up.names[side]) for side in made_up.names}
    for role, made in record.protocol.definition.roles.items():
        if role not in there:
            about = {"name": next(names[made.side]), "authority": role == PARENT}
            enter_person(record, role, about, central=False)
    for person in record.people.values():
        if person.id != by.id:
            person.about |= {"prepared": True, "safety": {"safe": True, "measure": ""}}
            record.keep_person(person)


def _enough(names: list[str]) -> Any:
    """The names, and should there be more roles than names, the same with a number."""
    yield from names
    for number in count(2):
        yield from (f"{name} {number}" for name in names)


def _say_what_is_said_before(record: Record, made_up: MadeUp, by: Participant) -> None:
    central = record.central_person
    starts_at = (record.now() + timedelta(days=7)).replace(hour=19, minute=0, tzinfo=None)
    record.about["question"] = made_up.question
    record.about["appointment"] = {"starts_at": starts_at.isoformat(timespec="minutes"), "place": made_up.place}
    record.keep_about()
    speak(record, by, "independent", "", {"answer": "yes"})
    for decider in deciders(record):
        for kind in ("yes_to_meeting", "go"):
            speak(record, decider, kind, "", {"answer": "yes"})
        for person in record.people.values():
            if needs_consent(person, record):
                speak(record, decider, "consent", person.id, {"answer": "yes"})
    if central is not None:
        speak(record, central, "statement", "", {"text": made_up.statement, "declined": False, "asked_by": None})
    for person in record.people.values():
        if person.side == "professional":
            speak(record, person, "view", "", {"text": made_up.view})
            break
    setting = record.protocol.definition.acts.get("set_bottom_line")
    setters = [person for person in record.people.values() if setting is not None and person.role in setting.by]
    if record.row.frame != "voluntary" and setters:
        speak(record, setters[0], "bottom_line", new_id(), {**made_up.bottom_line, "ground": "", "late_reason": ""})


def _made_up_plan(record: Record, made_up: MadeUp) -> PlanValues:
    sides: dict[str, list[Participant]] = {}
    for person in record.people.values():
        sides.setdefault(person.side, []).append(person)
    circle = sides.get("circle") or list(record.people.values())

    def chosen(said: dict[str, Any]) -> str:
        side: list[Participant] = sides.get(said["side"], circle)
        return str(side[said["number"] % len(side)].id)

    return PlanValues(
        agreements=tuple(
            Agreement.model_validate(
                {
                    "row": f"line{number}",
                    "who": [chosen(line["who"])],
                    "what": line["what"],
                    "when": {"kind": "rhythm", "every": "week", "days": line["days"]},
                    "checker": chosen(line["checker"]),
                    "otherwise": line["otherwise"],
                }
            )
            for number, line in enumerate(made_up.agreements, start=1)
        ),
        review=Review(date=record.today() + _REVIEW_AFTER, convener=circle[-1].id),
    )


def _say_yes_to(record: Record, plan: PlanValues) -> None:
    """Everybody but the last, so that there is something to ask."""
    for agreement in plan.agreements[:-1]:
        for doer in agreement.who:
            speak(record, record.people[doer], "agreement", agreement.row, {"answer": "yes", "hash": agreement.hash})


async def _write_plan(record: Record, board: str, plan: PlanValues) -> None:
    agreements, review = plan_instruments(record.protocol.definition, board)
    if agreements is not None:
        replica = await record.open_board(board)
        _write(record, replica, update_with_plan(replica.document.get_update(), plan, agreements, review))


async def _write_lines(record: Record, board: str, made_up: MadeUp) -> None:
    central = record.central_person
    instruments = record.protocol.definition.boards[board].instruments
    update = update_with_lines(instruments, made_up.lines, central.id if central else "")
    if update is not None:
        _write(record, await record.open_board(board), update)


def _write(record: Record, replica: Replica, update: bytes) -> None:
    record.session.add(board_update_row(replica.address, record.key, update, None))
    record.after_commit.append(lambda: replica.apply_for_all(update))


async def _show_plan_inside(record: Record) -> None:
    """The circle's own board is begun anew when a door opens; who jumps back finds the plan on it all the same."""
    for board, made_of in record.protocol.definition.boards.items():
        if made_of.circle:
            replica = await record.open_board(board)
            found = read_plan(replica.document, *plan_instruments(record.protocol.definition, board))
            if not found.agreements:
                await _write_plan(record, board, record.plan_values)

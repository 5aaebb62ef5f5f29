"""The course of a meeting: its moves, and the append-only, hash-chained log of what happened (DESIGN.md §2).

A move happens because a person makes it. The half minute in which the circle may still say "nog niet" follows
such an act; the house only carries it out when it has passed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Literal

import rfc8785

from meetings.asked_anew import ask_anew
from meetings.boards.boards import compact, erase_board
from meetings.boards.document import read_plan, update_with_plan
from meetings.boards.layout import plan_instruments
from meetings.boards.replica import Address, Replica, board_update_row
from meetings.boards.restore_points import erase_points, keep_point
from meetings.consent import is_welcome
from meetings.facts import gather_facts
from meetings.plan.freezing import freeze_plan
from meetings.plan.values import PlanValues, Review
from meetings.record import Participant, PendingMove, Record
from meetings.refusals import NotYours, Refusal
from meetings.storage.tables import EventRow, PendingMoveRow
from protocols import machine
from protocols.definition import Move

_FIRST_HASH = bytes(32)


def log_event(record: Record, kind: str, by: Participant | None, **details: Any) -> None:
    """Append to the meeting's log. Details are sealed and hold nothing that was written in private time."""
    last = record.last_event
    sequence = 1 if last is None else last.sequence + 1
    event = EventRow(
        meeting_id=record.id,
        sequence=sequence,
        kind=kind,
        participant_id=by.id if by else None,
        at=record.now(),
        sealed=record.key.seal_values(details, f"event/{record.id}/{sequence}"),
        previous_hash=_FIRST_HASH if last is None else last.hash,
        hash=b"",
    )
    event.hash = _hash_of(event)
    record.session.add(event)
    record.last_event = event


def first_broken_link(events: Iterable[EventRow]) -> int | None:
    """Return the sequence number of the first event that does not fit its chain, or None when all fit."""
    previous, expected = _FIRST_HASH, 1
    for event in events:
        if event.sequence != expected or event.previous_hash != previous or event.hash != _hash_of(event):
            return event.sequence
        previous, expected = event.hash, expected + 1
    return None


def _hash_of(event: EventRow) -> bytes:
    # Over the ciphertext: the chain can still be checked after the meeting's key is gone.
    return hashlib.sha256(
        event.previous_hash
        + rfc8785.dumps(
            {
                "meeting": event.meeting_id,
                "sequence": event.sequence,
                "kind": event.kind,
                "participant": event.participant_id,
                "at": event.at.isoformat(),
                "sealed": hashlib.sha256(event.sealed).hexdigest(),
            }
        )
    ).digest()


def mover(person: Participant) -> machine.Mover:
    """Return a participant as the protocol's machine knows them."""
    return machine.Mover(person.id, person.role, person.side, person.central)


async def move(
    record: Record,
    move_id: str,
    *,
    by: Participant,
    seen_version: int,
    reason: str | None = None,
    release: PlanValues | None = None,
) -> Literal["moved", "pending"]:
    """Move the meeting on, or put the move before the circle when the protocol wants a second person.

    Raises Refusal "plan_names_stranger" when the values to show name somebody who is not in this meeting,
    "board_says_other" when they are not all that stands on the circle's board, "moved_meanwhile" when the meeting is
    no longer where `by` saw it, "already_pending" when such a move is waiting, and the machine's own refusals as
    "move_<code>" with what is missing.
    """
    if not is_welcome(by, record):
        raise NotYours()
    if seen_version != record.version:
        raise Refusal("moved_meanwhile")
    if release is not None and not release.named <= record.people.keys():
        raise Refusal("plan_names_stranger")
    facts = gather_facts(record, release)
    try:
        decision = machine.decide(record.protocol.definition, record.phase, move_id, mover(by), facts, reason)
    except machine.MoveRefused as refused:
        raise Refusal(f"move_{refused.code}", missing=list(refused.missing)) from refused
    chosen = decision.move
    if record.pending is not None and chosen.direction != "stop":
        raise Refusal("already_pending", {"name": record.person(record.pending.row.participant_id).name})
    if await _would_be_lost(record, chosen, release):
        raise Refusal("board_says_other")
    passed = [missing.requirement for missing in decision.passed]
    if chosen.confirm is not None:
        _put_before_the_circle(record, chosen, by, chosen.confirm.seconds, reason, release, passed)
        return "pending"
    await _carry_out(record, chosen, by, None, reason, release, passed)
    return "moved"


async def confirm_move(record: Record, move_id: str, *, by: Participant, seen_version: int) -> bool:
    """A second person agrees with a waiting move, and it happens. Raises Refusal.

    Return False when it is dropped instead: what stands on the board is no longer what the circle was shown.
    """
    pending = _waiting(record, move_id, by, seen_version)
    if pending.row.participant_id == by.id:
        raise Refusal("second_person_needed")
    if await drop_outdated(record):
        return False
    await _carry_out_waiting(record, pending, by)
    return True


def take_back_move(record: Record, move_id: str, *, by: Participant, seen_version: int) -> None:
    """Somebody of those who may move says "nog niet": the waiting move does not happen. Raises Refusal."""
    pending = _waiting(record, move_id, by, seen_version)
    log_event(record, "move_taken_back", by, move=pending.row.move)
    _drop_pending(record, pending)


async def carry_out_due(record: Record) -> bool:
    """Carry out the waiting move when its half minute has passed and nobody said "nog niet"."""
    pending = record.pending
    if pending is None or pending.row.due_at > record.now() or await drop_outdated(record):
        return False
    await _carry_out_waiting(record, pending, None)
    return True


def shows_a_board(record: Record) -> bool:
    """Tell whether a move waits that shows what stands on the circle's board, and erases the rest of it."""
    pending = record.pending
    return pending is not None and record.protocol.definition.moves[pending.row.move].releases is not None


async def drop_outdated(record: Record) -> bool:
    """Drop the waiting move when the circle's board says something by now that would be lost, and tell whether it was.

    Who writes on it in the half minute says "nog niet" by it.
    """
    pending = record.pending
    if pending is None:
        return False
    chosen = record.protocol.definition.moves[pending.row.move]
    if not await _would_be_lost(record, chosen, pending.release):
        return False
    log_event(record, "move_dropped", None, move=pending.row.move)
    _drop_pending(record, pending)
    return True


async def _would_be_lost(record: Record, chosen: Move, release: PlanValues | None) -> bool:
    """Tell whether the board that the move erases holds an agreement or a review that the circle would not show."""
    if chosen.releases is None:
        return False
    board = chosen.releases.from_
    replica = await record.open_board(board)
    stands = read_plan(replica.document, *plan_instruments(record.protocol.definition, board))
    shown = release or PlanValues()
    by_row = {agreement.row: agreement.hash for agreement in shown.agreements}
    return stands.review not in (Review(), shown.review) or any(
        by_row.get(agreement.row) != agreement.hash for agreement in stands.agreements if not agreement.blank
    )


def _put_before_the_circle(
    record: Record,
    chosen: Move,
    by: Participant,
    seconds: int,
    reason: str | None,
    release: PlanValues | None,
    passed: Sequence[str],
) -> None:
    content = {"reason": reason, "release": release.as_json() if release else None, "passed": list(passed)}
    row = PendingMoveRow(
        meeting_id=record.id,
        move=chosen.id,
        version=record.version,
        participant_id=by.id,
        due_at=record.now() + timedelta(seconds=seconds),
        sealed=record.key.seal_values(content, f"pending_move/{record.id}"),
    )
    record.session.add(row)
    record.pending = PendingMove(row, release, reason, tuple(passed))
    log_event(record, "move_asked", by, move=chosen.id)


def _waiting(record: Record, move_id: str, by: Participant, seen_version: int) -> PendingMove:
    if seen_version != record.version:
        raise Refusal("moved_meanwhile")
    chosen = record.protocol.definition.moves.get(move_id)
    if chosen is None or not is_welcome(by, record):
        raise NotYours()
    if not machine.may_move(record.protocol.definition, chosen, mover(by)):
        raise NotYours()
    if record.pending is None or record.pending.row.move != move_id:
        raise Refusal("nothing_pending")
    return record.pending


async def _carry_out_waiting(record: Record, pending: PendingMove, confirmed_by: Participant | None) -> None:
    chosen = record.protocol.definition.moves[pending.row.move]
    by = record.people.get(pending.row.participant_id)
    await _carry_out(record, chosen, by, confirmed_by, pending.reason, pending.release, pending.passed)


def _drop_pending(record: Record, pending: PendingMove) -> None:
    record.pending = None
    record.gone.append(pending.row)


async def _carry_out(
    record: Record,
    chosen: Move,
    by: Participant | None,
    confirmed_by: Participant | None,
    reason: str | None,
    release: PlanValues | None,
    passed: Sequence[str],
) -> None:
    if record.pending is not None:
        _drop_pending(record, record.pending)
    await _keep_points(record)
    if chosen.releases is not None:
        _write_plan(record, release or PlanValues())
        await _make_board_anew(record, chosen.releases.from_, None)
    if chosen.copies is not None:
        await _make_board_anew(record, chosen.copies.to, record.plan_values)
    version = freeze_plan(record, by).version if chosen.freezes and by else None
    if chosen.freezes is not None and record.plan_replica is not None:
        await _compact(record, record.plan_replica)
    if record.protocol.definition.phases[chosen.to].final:
        await _end_boards(record)
    record.about.pop("call", None)
    ask_anew(record, chosen.asks_anew)
    record.keep_about()
    log_event(
        record,
        "moved",
        by,
        move=chosen.id,
        from_phase=record.phase,
        to_phase=chosen.to,
        reason=reason,
        passed=list(passed),
        confirmed_by=confirmed_by.id if confirmed_by else None,
        plan_version=version,
    )
    record.row.phase = chosen.to
    record.row.phase_since = record.now()
    record.row.version += 1
    record.session.add(record.row)


def _write_plan(record: Record, values: PlanValues) -> None:
    replica = record.plan_replica
    if replica is None:
        return
    agreements, review = plan_instruments(record.protocol.definition, replica.address.board)
    update = update_with_plan(replica.document.get_update(), values, str(agreements), review)
    record.session.add(board_update_row(replica.address, record.key, update, None))
    record.plan_values = values
    record.after_commit.append(lambda: replica.apply_for_all(update))


async def _keep_points(record: Record) -> None:
    """Let whoever writes in the next phase bring back what stands there now."""
    for board in record.protocol.definition.boards:
        await keep_point(record, await record.open_board(board), "phase")


async def _compact(record: Record, replica: Replica) -> None:
    """Keep a board as it is now and not how it became so: what was deleted lives on in no log and in no point."""
    await compact(replica, record.session)
    await erase_points(record.id, replica.address.board, record.session)


async def _end_boards(record: Record) -> None:
    """The meeting ended: the circle's own boards are erased, and the others keep nothing that was deleted from them."""
    for board, made_of in record.protocol.definition.boards.items():
        if made_of.circle:
            await _make_board_anew(record, board, None)
        else:
            await _compact(record, await record.open_board(board))


async def _make_board_anew(record: Record, board: str, values: PlanValues | None) -> None:
    """Erase a board, in every layer we keep, and begin its next epoch: empty, or from a copy of these values."""
    row = record.boards[board]
    await erase_board(record.id, board, record.session)
    row.epoch += 1
    record.session.add(row)
    if values is not None:
        agreements, review = plan_instruments(record.protocol.definition, board)
        update = update_with_plan(None, values, str(agreements), review)
        record.session.add(board_update_row(Address(record.id, board, row.epoch), record.key, update, None))

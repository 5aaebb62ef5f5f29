"""Where several workers write, an edit is stored only by a right that still holds; and one bad board stops no other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pycrdt import Doc, Map

from meetings.boards.log_writer import Gathering, LogWriter, Stored
from meetings.boards.replica import Address, Replica
from meetings.storage.board_log import Impossible, Moved, board_log
from meetings.storage.database import Database
from meetings.storage.sealing import KeyRing
from meetings.storage.tables import MeetingRow, ProtocolCopy
from tests.stores import Postgres, PostgresDatabase

KEYS = KeyRing(bytes(32))


@pytest.fixture
async def writer(postgres: Postgres) -> AsyncIterator[tuple[LogWriter, PostgresDatabase]]:
    store = postgres.fresh()
    database = Database(store.url)
    async with database.writing() as session:
        session.add(ProtocolCopy(sha256="p", protocol="p", version=1, source=""))
        await session.flush()
        session.add(_meeting("somebody's", revision=7))
    made = LogWriter(board_log(database))
    yield made, store
    await made.close()
    await database.close()


async def test_an_edit_is_stored_when_the_meeting_is_the_one_by_which_it_was_judged(
    writer: tuple[LogWriter, PostgresDatabase],
):
    log, store = writer
    stored = _write(log, "somebody's", revision=7)
    await stored.kept
    await stored.safe
    assert _rows(store) == 1


async def test_an_edit_whose_right_is_gone_when_it_is_stored_is_not_stored(writer: tuple[LogWriter, PostgresDatabase]):
    log, store = writer
    asked = []

    async def judge_again(address: Address, participants: set[str]) -> int | None:
        asked.append((address.meeting, participants))
        return None

    log.judge_again = judge_again
    stored = _write(log, "somebody's", revision=6)
    with pytest.raises(Moved):
        await stored.kept
    assert asked == [("somebody's", {"oma"})]
    assert _rows(store) == 0


async def test_an_edit_that_may_still_be_is_stored_after_a_change_elsewhere(
    writer: tuple[LogWriter, PostgresDatabase],
):
    log, store = writer

    async def judge_again(_address: Address, _participants: set[str]) -> int | None:
        return 7

    log.judge_again = judge_again
    await _write(log, "somebody's", revision=6).kept
    assert _rows(store) == 1


async def test_edits_of_a_meeting_that_is_gone_take_no_others_with_them(writer: tuple[LogWriter, PostgresDatabase]):
    log, store = writer

    async def judge_again(address: Address, _participants: set[str]) -> int | None:
        return None if address.meeting == "gone" else 7

    log.judge_again = judge_again
    lost, kept = _write(log, "gone", revision=1), _write(log, "somebody's", revision=7)
    with pytest.raises((Moved, Impossible)):
        await lost.kept
    await kept.kept
    assert _rows(store) == 1


async def test_what_was_typed_after_an_edit_that_is_not_stored_is_not_stored_either(
    writer: tuple[LogWriter, PostgresDatabase],
):
    log, store = writer

    async def judge_again(_address: Address, participants: set[str]) -> int | None:
        return None if "linda" in participants else 7

    log.judge_again = judge_again
    replica = _replica("somebody's")
    lost = log.append(replica, _edit(), "linda", 6)
    await asyncio.sleep(0)
    later = log.append(replica, _edit(), "oma", 7)
    for stored in (lost, later, log.append(replica, _edit(), "oma", 7)):
        with pytest.raises((Moved, Impossible)):
            await stored.kept
    with pytest.raises((Moved, Impossible)):
        await log.append(replica, _edit(), "oma", 7).kept
    assert _rows(store) == 0


async def test_when_it_can_not_be_asked_who_may_write_it_is_asked_again_until_it_can(
    writer: tuple[LogWriter, PostgresDatabase],
):
    log, store = writer
    troubles: list[bool] = []
    answers: list[int | Exception] = [ConnectionError(), 7]

    async def judge_again(_address: Address, _participants: set[str]) -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    log.judge_again = judge_again
    log.when_trouble.append(troubles.append)
    await asyncio.wait_for(_write(log, "somebody's", revision=6).kept, timeout=10)
    assert troubles == [True, False]
    assert _rows(store) == 1


def _meeting(id_: str, revision: int) -> MeetingRow:
    now = datetime.now(UTC)
    return MeetingRow(
        id=id_,
        protocol="p",
        protocol_sha256="p",
        frame="",
        language="nl",
        phase="circle",
        phase_since=now,
        version=0,
        revision=revision,
        created_at=now,
        sealed=b"",
    )


def _write(log: LogWriter, meeting: str, revision: int) -> Stored:
    return log.append(_replica(meeting), _edit(), "oma", revision)


def _replica(meeting: str) -> Replica:
    key = KEYS.unwrap(meeting, KEYS.new_wrapped_key(meeting))
    return Replica(Address(meeting, "plan", 1), key, frozenset({"agreements"}))


def _edit() -> bytes:
    document: Doc[Map] = Doc()
    document.get("agreements", type=Map)["eten"] = "op woensdag"
    return document.get_update()


def _rows(store: PostgresDatabase) -> int:
    return int(store.ask("SELECT count(*) FROM board_update")[0][0])


async def test_settling_one_meeting_does_not_wait_for_edits_of_another_that_keep_coming(
    writer: tuple[LogWriter, PostgresDatabase],
):
    log, _store = writer
    asked = asyncio.Event()
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def judge_again(_address: Address, _participants: set[str]) -> None:
        asked.set()
        await answer

    log.judge_again = judge_again
    held = _write(log, "gone", revision=1)
    await asked.wait()
    await asyncio.wait_for(log.settle("somebody's"), timeout=5)
    assert not held.kept.done()
    answer.set_result(None)


async def test_settling_waits_for_all_that_is_in_line(writer: tuple[LogWriter, PostgresDatabase]):
    log, store = writer
    _write(log, "somebody's", revision=7)
    await asyncio.wait_for(log.settle(), timeout=5)
    assert _rows(store) == 1


def test_an_edit_of_one_full_meeting_is_never_made_to_wait_for_others():
    gathering = Gathering()
    assert all(gathering.seconds_after(1, number / 60) == 0 for number in range(1_000))


def test_edits_of_a_busy_house_share_commits_until_it_is_quiet_again():
    gathering = Gathering()
    waits = [gathering.seconds_after(1, number / 400) for number in range(400)]
    assert waits[0] == 0
    assert 0 < waits[-1] < 0.05
    assert gathering.seconds_after(1, 4.0) == 0

"""The power goes, the process is killed, and comes back: nothing that was called saved is lost, nothing is doubled."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.live import connection as closing
from app.live import wire
from meetings.course import first_broken_link
from meetings.storage.tables import EventRow
from tests.app.boards import open_board, open_events
from tests.app.driving import Meeting, Rondom, meeting_in
from tests.app.serving import reaching
from tests.power import cut_the_power, mark_of
from tests.running import RunningRondom


@pytest.fixture
def meeting(process: RunningRondom, plays: dict[Any, Any]) -> Iterator[Meeting]:
    with reaching(process, plays) as rondom:
        yield meeting_in(rondom, "private_time")


async def test_all_that_was_called_saved_is_there_after_a_kill_and_clients_that_come_back_double_nothing(
    meeting: Meeting, process: RunningRondom
):
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        for number in range(20):
            (oma if number % 2 else sami).add(f"regel{number}", f"afspraak {number}")
        await oma.saved()
        await sami.saved()
        await oma.until(lambda b: len(b.values()) == 20)
        process.kill()
        await oma.until(lambda b: b.closed_with is not None)
        # One goes on without a network, as a phone does.
        oma.add("onderweg", "geschreven zonder verbinding")
        process.start()
        everything = {**sami.values(), "onderweg": "geschreven zonder verbinding"}
        async with open_board(meeting.oma, "private", document=oma.document) as again:
            await again.saved()
            assert again.values() == everything
            async with open_board(meeting.mama, "private") as newcomer:
                await newcomer.until(lambda b: len(b.values()) == 21)
                assert newcomer.values() == everything
            async with open_board(meeting.sami, "private", document=sami.document) as sami_again:
                await sami_again.until(lambda b: len(b.values()) == 21)
                assert sami_again.values() == everything
    kept = meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").json()["agreements"]
    assert len(kept) == 21


async def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_called_saved(
    meeting: Meeting, process: RunningRondom
):
    async with open_board(meeting.oma, "private") as board:
        board.add("eten", "")
        await board.saved()
        safe = 0

        async def write() -> None:
            nonlocal safe
            while True:
                board.type("eten", "what", "x")
                typed = len(board.values()["eten"])
                await board.saved()
                safe = typed

        writing = asyncio.create_task(write())
        await board.until(lambda _board: safe >= 5)
        process.kill()
        await board.until(lambda b: b.closed_with is not None)
        writing.cancel()
    process.start()
    kept = meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").json()["agreements"]
    assert safe <= len(kept[0]["what"]) <= safe + 1


async def test_a_move_that_waited_for_its_half_minute_is_carried_out_after_a_restart(
    meeting: Meeting, process: RunningRondom
):
    meeting.sami.moves("end_private_time", release=meeting.plan())
    process.kill()
    meeting.rondom.change("UPDATE pending_move SET due_at = ?", _stored(datetime.now(UTC) + timedelta(seconds=1)))
    process.start()
    async with open_events(meeting.marieke) as events:
        if meeting.marieke.state()["phase"] == "private_time":
            await events.until_phase("agreement")
    plan = meeting.linda.browser.get(f"/api/m/{meeting.linda.id}/boards/plan").json()
    assert [agreement["row"] for agreement in plan["agreements"]] == ["eten", "bellen"]


async def test_not_yet_after_a_restart_still_keeps_the_door_closed(meeting: Meeting, process: RunningRondom):
    meeting.sami.moves("end_private_time", release=meeting.plan())
    process.kill()
    process.start()
    meeting.oma.moves("end_private_time/not-yet")
    assert meeting.sami.state()["phase"] == "private_time"
    assert meeting.rondom.count("pending_move") == 0


async def test_screens_come_back_by_themselves_and_the_chain_of_events_holds(meeting: Meeting, process: RunningRondom):
    process.kill()
    process.start()
    async with open_events(meeting.sami) as events:
        meeting.oma.does("ready", ready=True)
        await events.next()
    assert first_broken_link(_events(meeting.rondom)) is None
    meeting.rondom.change("UPDATE event SET kind = 'moved_by_magic' WHERE sequence = 3")
    assert first_broken_link(_events(meeting.rondom)) == 3


async def test_a_damaged_log_is_shown_as_far_as_it_is_whole_and_nobody_writes_on(
    meeting: Meeting, process: RunningRondom
):
    async with open_board(meeting.oma, "private") as board:
        board.add("eten", "eet")
        await board.saved()
        board.add("later", "komt later")
        await board.saved()
    process.kill()
    meeting.rondom.change(
        "UPDATE board_update SET sealed = X'00' WHERE sequence = (SELECT max(sequence) FROM board_update)"
    )
    process.start()
    async with open_board(meeting.sami, "private") as sami:
        await sami.until(lambda b: b.values() == {"eten": "eet"})
        await sami.until(lambda b: b.denials == [wire.DAMAGED])
        sami.add("nieuw", "iets nieuws")
        await sami.until(lambda b: b.denials == [wire.DAMAGED] * 2)
    kept = meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").json()["agreements"]
    assert [agreement["row"] for agreement in kept] == ["eten"]


def _stored(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


async def test_after_an_older_copy_was_put_back_each_board_begins_as_a_new_document(
    meeting: Meeting, process: RunningRondom
):
    async with open_board(meeting.oma, "private") as oma:
        oma.add("bewaard", "stond al in de kopie")
        await oma.saved()
    process.stop()
    copy = process.data.with_name("copy.sqlite")
    shutil.copy(meeting.rondom.database, copy)
    process.start()
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        await oma.until(lambda b: "bewaard" in b.values())
        oma.add("later", "is van na de kopie")
        await oma.saved()
        await sami.until(lambda b: "later" in b.values())
        process.stop()
        for file in process.data.glob("rondom.sqlite*"):
            file.unlink()
        shutil.copy(copy, meeting.rondom.database)
        assert process.run("restored").startswith("3 boards begin anew")
        process.start()
        async with open_board(meeting.sami, "private", "?epoch=1", sami.document) as old:
            await old.until(lambda b: b.closed_with == closing.OTHER_EPOCH)
    async with open_board(meeting.sami, "private") as anew, open_board(meeting.oma, "private") as beside:
        await anew.until(lambda b: set(b.values()) == {"bewaard"})
        anew.type("bewaard", "what", "!")
        await anew.saved()
        await beside.until(lambda b: b.values().get("bewaard") == "stond al in de kopie!")


async def test_after_a_power_cut_nobody_is_shut_out_by_what_the_disk_lacks_nor_taken_for_its_author(
    meeting: Meeting, process: RunningRondom
):
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        oma.add("bewaard", "was op de schijf")
        await oma.saved()
        assert meeting.oma.post("boards/private/restore-points").is_success
        oma.add("gezien", "was nog niet op de schijf")
        await sami.until(lambda b: "gezien" in b.values())
        process.kill()
        cut_the_power(meeting.rondom, process)
        process.start()
        async with open_board(meeting.sami, "private", "?epoch=1", sami.document) as old:
            await old.until(lambda b: b.closed_with == closing.OTHER_EPOCH)
    async with open_board(meeting.sami, "private", "?epoch=2") as anew, open_board(meeting.oma, "private") as beside:
        await anew.until(lambda b: set(b.values()) == {"bewaard"})
        anew.type("bewaard", "what", "!")
        await anew.saved()
        await beside.until(lambda b: b.values().get("bewaard") == "was op de schijf!")
    earlier = f"/api/m/{meeting.oma.id}/boards/private/restore-points"
    newest = meeting.oma.browser.get(earlier).json()[0]
    kept = meeting.oma.browser.get(f"{earlier}/{newest['id']}").json()
    assert [agreement["row"] for agreement in kept["agreements"]] == ["bewaard"]


async def test_after_a_power_cut_only_the_boards_that_somebody_could_write_on_begin_anew(
    meeting: Meeting, process: RunningRondom
):
    before = _epochs(meeting)
    process.kill()
    cut_the_power(meeting.rondom, process)
    process.start()
    after = _epochs(meeting)
    assert {board for board, epoch in after.items() if epoch != before[board]} == {"private"}


def test_after_a_power_cut_a_damaged_meeting_does_not_keep_the_house_from_opening(
    meeting: Meeting, process: RunningRondom
):
    process.kill()
    cut_the_power(meeting.rondom, process)
    meeting.rondom.change("UPDATE meeting SET sealed = X'00'")
    process.start()
    assert meeting.oma.browser.get("/").is_success
    assert "meeting damaged" in process.log.read_text()


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_without_a_power_cut_a_board_goes_on_as_the_document_that_devices_know(
    meeting: Meeting, process: RunningRondom, end: str
):
    async with open_board(meeting.oma, "private") as oma:
        oma.add("gewoon", "gaat gewoon door")
        await oma.saved()
        getattr(process, end)()
        if end == "stop":
            # The machine may start anew now: all was brought to the disk.
            assert not mark_of(process).exists()
        process.start()
        async with open_board(meeting.oma, "private", "?epoch=1", oma.document) as again:
            again.type("gewoon", "what", "!")
            await again.saved()


def _epochs(meeting: Meeting) -> dict[str, int]:
    return dict(meeting.rondom.store.ask("SELECT board, epoch FROM board"))


def _events(rondom: Rondom) -> list[EventRow]:
    with sqlite3.connect(rondom.database) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT * FROM event ORDER BY sequence").fetchall()
    return [EventRow(**{**dict(row), "at": datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)}) for row in rows]

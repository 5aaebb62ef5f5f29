"""What went wrong in other servers for shared documents, each as a test here (anchors.md §4.2 and §9)."""

import asyncio
import gc
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import websockets
from pycrdt import Doc

from app.live import wire
from app.live.guard import GuardedWebSocket
from app.live.member import Member
from app.live.room import Room
from meetings.boards import boards
from meetings.boards.replica import Address, Replica
from meetings.storage.board_log import Impossible, SqliteLog
from meetings.storage.database import TROUBLE, Database
from meetings.storage.sealing import ContentKey
from tests.app.boards import Board, address_of, open_board
from tests.app.driving import Meeting, Rondom, meeting_in
from tests.app.serving import reaching
from tests.running import RunningRondom
from tests.stores import PostgresDatabase, SqliteFile

TIMES = 500
SERVICE_RESTART = 1012


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


async def _knows_the_plan(board: Board) -> None:
    await board.until(lambda b: {"eten", "bellen"} <= b.values().keys())


async def _was_taken(writer: Board, *, seen_by: Board) -> None:
    """Wait until the server took what was sent: it shows presence at once, and takes messages in their order."""
    writer.send(wire.presence([wire.Presence(writer.document.client_id, 1, {"row": "eten"})]))
    await seen_by.until(lambda b: b.presences.get(writer.document.client_id))


def _shows(client: int, board: Board) -> bool:
    return board.presences.get(client) is not None


def _alive(*kinds: type) -> int:
    """How many of these there are in this process, in which the server runs too."""
    gc.collect()
    return sum(isinstance(thing, kinds) for thing in gc.get_objects())


async def _until_alive(most: int, *kinds: type) -> None:
    async with asyncio.timeout(10):
        while _alive(*kinds) > most:
            await asyncio.sleep(0.05)


async def test_a_board_is_not_let_go_of_while_it_is_being_stored_and_who_comes_in_then_sees_all_of_it(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
):
    # Hocuspocus #995 and #738: the last one leaves while the board is being stored, and the next finds it as it was.
    monkeypatch.setattr(boards, "_LATELY", 0)
    store = SqliteFile(meeting.rondom.database)
    with store.locked():
        async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
            await _knows_the_plan(oma)
            oma.add("van-oma", "geschreven vlak voor het weggaan")
            await _was_taken(oma, seen_by=sami)
        assert meeting.mama.browser.get(f"/api/m/{meeting.mama.id}/boards/plan").status_code == 200
    async with open_board(meeting.mama, "plan") as mama:
        await mama.until(lambda b: "van-oma" in b.values())
        mama.type("van-oma", "what", "!")
        await mama.saved()
    async with open_board(meeting.sami, "plan") as sami:
        await sami.until(lambda b: b.values().get("van-oma") == "geschreven vlak voor het weggaan!")


async def test_who_comes_in_sees_no_edit_that_is_not_stored_yet_and_sees_the_board_all_the_same(meeting: Meeting):
    with SqliteFile(meeting.rondom.database).locked():
        async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
            await _knows_the_plan(oma)
            oma.add("van-oma", "nog niet opgeslagen")
            await oma.until(lambda b: wire.STORAGE in b.denials)
            async with open_board(meeting.mama, "plan") as mama:
                await _knows_the_plan(mama)
                for board in (sami, mama):
                    assert "van-oma" not in board.values()


async def test_who_comes_in_while_an_edit_is_being_stored_gets_the_board_first_and_the_edit_after(meeting: Meeting):
    # Not every replica takes up an edit that comes before what it hangs on: pycrdt leaves some of those out for good.
    with SqliteFile(meeting.rondom.database).locked():
        async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
            await _knows_the_plan(oma)
            oma.add("van-oma", "wordt opgeslagen")
            await _was_taken(oma, seen_by=sami)
            address = address_of(meeting.mama, "boards/plan")
            mama = await websockets.connect(address, additional_headers={"Cookie": meeting.mama.cookie})
            await mama.send(wire.sync_step_1(Doc().get_state()))
            await mama.send(bytes((wire.ASK_AWARENESS,)))
            while (await _next(mama)).number() != wire.AWARENESS:
                pass
    steps = []
    while wire.UPDATE not in steps or wire.STEP_2 not in steps:
        reader = await _next(mama)
        if reader.number() == wire.SYNC:
            steps.append(reader.number())
    await mama.close()
    assert [step for step in steps if step != wire.STEP_1] == [wire.STEP_2, wire.UPDATE]


async def test_of_many_words_about_oneself_in_one_message_the_others_hear_the_last(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        client = oma.document.client_id
        address = address_of(meeting.sami, "boards/plan")
        async with websockets.connect(address, additional_headers={"Cookie": meeting.sami.cookie}) as sami:
            await sami.send(wire.sync_step_1(Doc().get_state()))
            oma.send(wire.presence([wire.Presence(client, clock, {"row": str(clock)}) for clock in range(1, 40)]))
            heard = []
            while "39" not in heard:
                reader = await _next(sami)
                if reader.number() == wire.AWARENESS:
                    heard += [entry.state["row"] for entry in wire.read_presence(reader.block()) if entry.state]
            assert heard == ["39"]


async def test_who_comes_back_is_not_told_saved_before_it_reached_the_disk(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
):
    to_disk = threading.Event()
    reach_disk = SqliteLog.reach_disk

    async def waits(log: SqliteLog) -> None:
        while not to_disk.is_set():
            await asyncio.sleep(0.01)
        await reach_disk(log)

    monkeypatch.setattr(SqliteLog, "reach_disk", waits)
    try:
        async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
            await _knows_the_plan(oma)
            oma.add("van-oma", "vlak voor het weggaan")
            await sami.until(lambda b: "van-oma" in b.values())
        async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
            await oma.until(lambda b: "van-oma" in b.values())
            question = oma.ask_saved()
            await _was_taken(oma, seen_by=sami)
            assert question not in oma.saved_answers
            to_disk.set()
            await oma.until(lambda b: question in b.saved_answers)
    finally:
        to_disk.set()


async def _next(socket: websockets.ClientConnection) -> wire.Reader:
    async with asyncio.timeout(10):
        message = await socket.recv()
    assert isinstance(message, bytes)
    return wire.Reader(message)


async def test_who_came_in_before_the_storage_failed_sees_the_board_when_it_did(meeting: Meeting):
    with SqliteFile(meeting.rondom.database).locked():
        async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
            await _knows_the_plan(oma)
            oma.add("van-oma", "nog niet opgeslagen")
            await _was_taken(oma, seen_by=sami)
            async with open_board(meeting.mama, "plan") as mama:
                await _knows_the_plan(mama)
                assert "van-oma" not in mama.values()
                assert "van-oma" in oma.values()


async def test_a_socket_that_cannot_be_written_to_ends_alone(meeting: Meeting, monkeypatch: pytest.MonkeyPatch):
    write = GuardedWebSocket.write_frame

    def write_to_the_others(self: GuardedWebSocket, finished: bytes) -> None:
        if meeting.mama.id in self.scope["path"]:
            raise OSError
        write(self, finished)

    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.mama, "plan") as mama:
        for board in (oma, mama):
            await _knows_the_plan(board)
        async with open_board(meeting.sami, "plan") as sami, open_board(meeting.linda, "plan") as linda:
            for board in (sami, linda):
                await _knows_the_plan(board)
            monkeypatch.setattr(GuardedWebSocket, "write_frame", write_to_the_others)
            oma.add("van-oma", "haalt Sami op")
            for board in (sami, linda):
                await board.until(lambda b: "van-oma" in b.values())
            await mama.until(lambda b: b.closed_with is not None)
            await oma.saved()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_a_board_is_loaded_once_for_all_who_wait_and_a_failure_reaches_each_of_them(store: PostgresDatabase):
    database = Database(store.url)
    held = boards.Boards(database)

    async def load_for_three() -> list[Any]:
        address, key = Address("meeting", "plan", 1), ContentKey(bytes(32))
        asking = [held.replica(address, key, frozenset({"agreements"})) for _ in range(3)]
        return list(await asyncio.gather(*asking, return_exceptions=True))

    with store.locked():
        failed = await load_for_three()
    assert all(isinstance(error, TROUBLE) for error in failed)
    assert failed[0] is failed[1] is failed[2]
    loaded = await load_for_three()
    assert isinstance(loaded[0], Replica)
    assert loaded[0] is loaded[1] is loaded[2]
    await held.close()
    await database.close()


async def test_opening_closing_and_reading_write_nothing(meeting: Meeting, store: SqliteFile):
    # Hocuspocus #766 and PR #683: a reader who leaves makes the server store, and opening and closing is an attack.
    async with open_board(meeting.oma, "plan") as oma:
        await _knows_the_plan(oma)
        oma.type("eten", "otherwise", "!")
        await oma.saved()
    before = store.rows()
    for person in (meeting.linda, meeting.oma, meeting.marieke) * 10:
        async with open_board(person, "plan") as board:
            await _knows_the_plan(board)
    assert store.rows() == before


@pytest.mark.settings(sockets_per_participant=1_000)
async def test_five_hundred_who_come_and_go_leave_nothing_behind(meeting: Meeting):
    # pycrdt-websocket PR #94, y-websocket #145, jupyter-server-documents #270: clients and documents that stay.
    async with open_board(meeting.oma, "plan") as oma:
        await _knows_the_plan(oma)
        oma.presences.clear()
        before = _alive(Room, Member, Replica)
        for time in range(TIMES):
            async with open_board(meeting.sami, "plan") as sami:
                await _knows_the_plan(sami)
                sami.send(wire.presence([wire.Presence(1_000 + time, 1, {"row": "eten"})]))
                await oma.until(partial(_shows, 1_000 + time))
            await oma.until(lambda b: not any(b.presences.values()))
        await _until_alive(before, Room, Member, Replica)
        oma.type("eten", "what", " nog steeds")
        await oma.saved()


async def test_boards_that_are_only_looked_at_are_let_go_of(meeting: Meeting, monkeypatch: pytest.MonkeyPatch):
    # Hocuspocus #832: a document that was opened without a connection is never closed.
    monkeypatch.setattr(boards, "_LATELY", 0)
    address = f"/api/m/{meeting.oma.id}/boards/plan"
    assert meeting.oma.browser.get(address).status_code == 200
    before = _alive(Replica, Doc)
    for _ in range(20):
        assert meeting.oma.browser.get(address).status_code == 200
    await _until_alive(before, Replica, Doc)


async def test_a_board_that_could_not_be_stored_for_a_while_leaves_nothing_behind_either(meeting: Meeting):
    # Hocuspocus #954, #846, PR #955, PR #1110: a store that throws leaks, or storms the database when it is back.
    async with open_board(meeting.oma, "plan") as oma:
        await _knows_the_plan(oma)
        before, rows = _alive(Room, Member, Replica), meeting.rondom.count("board_update")
        with SqliteFile(meeting.rondom.database).locked():
            oma.add("van-oma", "nog niet opgeslagen")
            await oma.until(lambda b: wire.STORAGE in b.denials)
            for _ in range(20):
                async with open_board(meeting.sami, "plan") as sami:
                    await _knows_the_plan(sami)
        await oma.saved(seconds=15)
        assert meeting.rondom.count("board_update") == rows + 1
        await _until_alive(before, Room, Member, Replica)


async def test_a_board_that_never_could_be_stored_leaves_nothing_behind_when_nobody_is_there_any_more(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(boards, "_LATELY", 0)
    going = threading.Event()

    async def fail(_self: SqliteLog, _rows: Any, _revisions: Any) -> None:
        await asyncio.to_thread(going.wait, 10)
        raise Impossible

    async with open_board(meeting.sami, "plan") as sami:
        await _knows_the_plan(sami)
    await _until_alive(0, Room)
    monkeypatch.setattr(SqliteLog, "append", fail)
    async with open_board(meeting.oma, "plan") as oma:
        await _knows_the_plan(oma)
        oma.add("van-oma", "wordt nooit opgeslagen")
        async with open_board(meeting.sami, "plan") as sami:
            await _was_taken(oma, seen_by=sami)
        (room,) = (thing for thing in gc.get_objects() if isinstance(thing, Room))
    async with asyncio.timeout(10):
        while room.members:
            await asyncio.sleep(0.05)
    del room
    going.set()
    await _until_alive(0, Room)


async def test_presence_from_who_just_left_and_on_a_board_where_nobody_is_harms_nothing(meeting: Meeting):
    # Hocuspocus #845 and PR #1032: a client that comes back under another number, and presence without connections.
    async with open_board(meeting.sami, "plan") as first:
        first.send(wire.presence([wire.Presence(1, 1, {"row": "eten"})]))
        first.send(wire.presence([wire.Presence(2, 1, {"row": "bellen"})]))
        await first.saved()
        async with open_board(meeting.oma, "plan") as oma:
            await oma.until(lambda b: b.presences.get(1))
            assert 2 not in oma.presences
            await first.close()
            await oma.until(lambda b: b.presences[1] is None)
            async with open_board(meeting.sami, "plan") as again:
                again.send(wire.presence([wire.Presence(2, 1, {"row": "bellen"})]))
                await oma.until(lambda b: b.presences.get(2))
                assert oma.presences[1] is None
    async with open_board(meeting.mama, "plan") as mama:
        await _knows_the_plan(mama)
        assert mama.presences == {}


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
@pytest.mark.settings(sockets_per_participant=1_000, sockets_per_board=1_000)
async def test_fifty_open_boards_hold_no_connection_of_the_database(meeting: Meeting, store: PostgresDatabase):
    opened = []
    try:
        for _ in range(50):
            manager = open_board(meeting.sami, "plan")
            opened.append(manager)
            board = await manager.__aenter__()
            await _knows_the_plan(board)
        busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = ? AND state <> 'idle' AND pid <> pg_backend_pid()"
        async with asyncio.timeout(10):
            while store.ask(busy, store.name)[0][0]:
                await asyncio.sleep(0.05)
        held = "SELECT count(*) FROM pg_stat_activity WHERE datname = ? AND pid <> pg_backend_pid()"
        assert store.ask(held, store.name)[0][0] < 20
    finally:
        for manager in opened:
            await manager.__aexit__(None, None, None)


@pytest.fixture
def meeting_apart(process: RunningRondom, plays: dict[Any, Any]) -> Iterator[Meeting]:
    """A meeting in a process of its own."""
    with reaching(process, plays) as rondom:
        yield meeting_in(rondom, "agreement")


async def test_what_was_taken_is_stored_when_the_server_is_asked_to_stop_in_the_middle_of_writing(
    meeting_apart: Meeting, process: RunningRondom
):
    # Hocuspocus #738 and jupyter-collaboration's stop(): what was in line is cancelled at shutdown.
    meeting = meeting_apart
    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
        for board in (oma, sami):
            await _knows_the_plan(board)
        for number in range(20):
            oma.add(f"oma-{number}", "haalt Sami op")
        await sami.until(lambda b: "oma-10" in b.values())
        process.ask_to_stop()
        while oma.closed_with is None:
            number += 1
            oma.add(f"oma-{number}", "haalt Sami op")
            await asyncio.sleep(0.01)
        await sami.until(lambda b: b.closed_with is not None)
        assert oma.closed_with == sami.closed_with == SERVICE_RESTART
        seen = {row for row in sami.values() if row.startswith("oma-")}
        device = oma.document
    process.wait()
    process.start()
    async with open_board(meeting.mama, "plan") as mama:
        await mama.until(lambda b: seen <= b.values().keys())
        async with open_board(meeting.oma, "plan", document=device) as oma:
            await oma.saved()
        await mama.until(lambda b: f"oma-{number}" in b.values())

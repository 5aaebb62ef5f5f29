"""Somebody with a way in sends what no screen of ours sends: they are out at once, and nobody else notices."""

import asyncio
import socket
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from app.live import wire
from app.settings import Settings
from tests.app.boards import Board, handshake, open_board
from tests.app.driving import Meeting, Person, Rondom, meeting_in
from tests.hostile_updates import LACKING, MAP, REFUSED, WORD, after, in_root, number, text, update
from tests.running import RunningRondom


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "private_time")


# Those write on with the client id of somebody who is not on this board; a test of their own has one who is.
SOMEBODYS = ("next words", "next words as a gap")
MESSAGES: dict[str, bytes] = {
    **{name: wire.sync_update(content) for name, content in REFUSED.items() if not name.endswith(SOMEBODYS)},
    **{f"in answer: {name}": wire.sync_step_2(content) for name, content in LACKING.items()},
    "a message of nothing": b"",
    "an unknown kind of message": b"\x63\x00",
    "an unknown step": b"\x00\x09\x00",
    "a state vector of garbage": wire.sync_step_1(b"\xff" * 30),
    "presence of garbage": b"\x01\xff\xff\xff",
    "presence that is no JSON": bytes([1]) + wire.block(number(1) + number(4) + number(1) + text("{nee")),
    "presence of ten kilobytes": bytes([1])
    + wire.block(number(1) + number(4) + number(1) + text('{"row":"' + "a" * 10_000 + '"}')),
}


@pytest.mark.parametrize("name", MESSAGES)
async def test_who_sends_it_is_out_within_a_second_and_the_others_go_on(meeting: Meeting, name: str):
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        oma.add("eten", "eet op woensdag met Sami")
        await oma.saved()
        await sami.until(lambda b: "eten" in b.values())
        async with open_board(meeting.mama, "private") as offender:
            offender.send(MESSAGES[name])
            await offender.until(lambda b: b.closed_with is not None, seconds=1)
            assert offender.closed_with in (1007, 1008, 1009)
        began = time.monotonic()
        oma.type("eten", "what", "!")
        await sami.until(lambda b: b.values()["eten"].endswith("!"), seconds=2)
        assert time.monotonic() - began < 1
        assert sami.closed_with is None
    plan = meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").json()["agreements"]
    assert [agreement["what"] for agreement in plan] == ["eet op woensdag met Sami!"]


@pytest.mark.parametrize(("message", "code"), [(b"", 1007), ("hallo", 1007), (bytes(300 * 1024), 1009)])
async def test_an_empty_frame_words_and_a_very_big_frame_end_only_who_sent_them(
    meeting: Meeting, message: bytes | str, code: int
):
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        await oma.saved()
        async with open_board(meeting.mama, "private") as offender:
            await offender.saved()
            await offender.socket.send(message)
            await offender.until(lambda b: b.closed_with is not None)
            assert offender.closed_with == code
        oma.add("eten", "eet")
        await sami.until(lambda b: "eten" in b.values())
        assert oma.closed_with is sami.closed_with is None


async def test_nobody_silences_another_by_writing_with_their_client_id(meeting: Meeting):
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        oma.add("eten", "eet")
        await oma.saved()
        client = oma.document.client_id
        async with open_board(meeting.mama, "private") as offender:
            clock = 60
            gap = update((client, clock, [bytes([0]) + number(60_000)]))
            offender.send(wire.sync_update(gap))
            await offender.until(lambda b: b.closed_with is not None, seconds=1)
        for number_ in range(10):
            oma.type("eten", "what", str(number_))
        await oma.saved()
        await sami.until(lambda b: b.values().get("eten") == "eet0123456789")


async def test_nobody_takes_the_client_id_of_somebody_who_is_here_and_did_not_write_yet(meeting: Meeting):
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        client = oma.document.client_id
        oma.send(wire.presence([wire.Presence(client, 1, {"row": "eten"})]))
        await sami.until(lambda b: b.presences.get(client))
        async with open_board(meeting.mama, "private") as offender:
            offender.send(wire.sync_update(update((client, 0, [in_root(7, MAP, key="gestolen")]))))
            await offender.until(lambda b: b.closed_with is not None, seconds=1)
        oma.add("eten", "eet")
        await oma.saved()
        await sami.until(lambda b: "eten" in b.values())


async def test_nobody_sits_where_another_wrote_before(meeting: Meeting):
    async with open_board(meeting.oma, "private") as oma:
        oma.add("eten", "eet")
        await oma.saved()
        client = oma.document.client_id
    async with open_board(meeting.sami, "private") as sami, open_board(meeting.mama, "private") as mama:
        mama.send(wire.presence([wire.Presence(client, 9, {"row": "eten"})]))
        own = mama.document.client_id
        mama.send(wire.presence([wire.Presence(own, 1, {"row": "eten"})]))
        await sami.until(lambda b: b.presences.get(own))
        assert sami.presences.get(client) is None


async def test_what_hangs_on_nothing_is_asked_for_again_and_stays_out_of_the_board(meeting: Meeting):
    async with open_board(meeting.mama, "private") as board:
        board.send(wire.sync_update(update((901, 5, [after(4, WORD, (901, 4))]))))
        board.add("eten", "eet")
        await board.saved()
        assert board.closed_with is None
    kept = meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").json()["agreements"]
    assert [agreement["row"] for agreement in kept] == ["eten"]


async def test_a_flood_of_pings_that_nobody_reads_ends_that_socket(meeting: Meeting):
    host, port = "localhost", meeting.rondom.settings.port
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(handshake(meeting.rondom, meeting.mama, "events"))
    assert b"101" in await reader.readline()
    ping = bytes([0x89, 0x80 | 100]) + bytes(4) + b"x" * 100
    before = _resident()
    # It only sends, and never reads what comes back. The server hangs up; waiting for that to happen is the test.
    with pytest.raises(ConnectionError):
        await _send_without_end(writer, ping * 200)
    assert _resident() - before < 50 * 1024 * 1024
    # The others never noticed.
    async with open_board(meeting.oma, "private") as oma:
        oma.add("eten", "eet")
        await oma.saved()


async def test_somebody_who_sends_faster_than_anybody_types_is_asked_to_slow_down(meeting: Meeting):
    async with open_board(meeting.mama, "private") as offender:
        for _ in range(2_000):
            offender.send(bytes((wire.SAVED,)) + number(1))
        await offender.until(lambda b: b.closed_with is not None, seconds=3)
        assert offender.closed_with == 1008
    async with open_board(meeting.mama, "private") as again:
        again.add("eten", "eet")
        await again.saved()


async def test_while_all_of_it_is_thrown_at_the_server_the_others_type_on_without_delay(process: RunningRondom):
    rondom = Rondom(Settings(_env_file=None, data=process.data, port=process.port))
    rondom.make_account()
    meeting = meeting_in(rondom, "private_time")
    assert len(MESSAGES) >= 40
    server = psutil.Process(process.pid)
    before = server.memory_info().rss
    delays: list[float] = []
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        oma.add("eten", "")
        await sami.until(lambda b: "eten" in b.values())

        async def type_on() -> None:
            while len(delays) < len(MESSAGES):
                began = time.monotonic()
                oma.type("eten", "what", "x")
                await sami.until(lambda b: b.values()["eten"] == oma.values()["eten"])
                delays.append(time.monotonic() - began)
                await asyncio.sleep(0.04)

        typing = asyncio.create_task(type_on())
        for message in MESSAGES.values():
            async with open_board(meeting.mama, "private") as offender:
                offender.send(message)
                await offender.until(lambda b: b.closed_with is not None, seconds=1)
        await typing
        assert oma.closed_with is sami.closed_with is None
    rondom.close()
    assert sorted(delays)[int(len(delays) * 0.95)] < 0.25
    assert server.memory_info().rss - before < 50 * 1024 * 1024


def _shows(row: str, board: Board) -> bool:
    return row in board.values()


@pytest.mark.settings(messages_per_second=10_000, bytes_per_second=50_000_000)
async def test_a_phone_that_stops_reading_delays_nobody_and_is_asked_to_come_back(meeting: Meeting):
    slow = await _open_without_reading(meeting, meeting.mama)
    async with open_board(meeting.oma, "private") as oma, open_board(meeting.sami, "private") as sami:
        delays = []
        for round_ in range(500):
            began = time.monotonic()
            oma.add(f"rij{round_}", "x" * 15_000)
            await sami.until(partial(_shows, f"rij{round_}"))
            delays.append(time.monotonic() - began)
            del oma.rows[f"rij{round_}"]
        assert sorted(delays)[int(len(delays) * 0.95)] < 0.25
    # It wakes up: what was written before the end is there to read, and then the word that it should come back.
    content = bytearray()
    async with asyncio.timeout(20):
        while more := await asyncio.get_running_loop().sock_recv(slow, 1 << 20):
            content += more
    slow.close()
    assert content.endswith(b"\x88\x02" + (1013).to_bytes(2, "big"))


async def _open_without_reading(meeting: Meeting, person: Person) -> socket.socket:
    host, port = "127.0.0.1", meeting.rondom.settings.port
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(slow, (host, port))
    await loop.sock_sendall(slow, handshake(meeting.rondom, person, "boards/private"))
    assert (await loop.sock_recv(slow, 12)).startswith(b"HTTP/1.1 101")
    return slow


async def _send_without_end(writer: asyncio.StreamWriter, content: bytes) -> None:
    async with asyncio.timeout(5):
        while True:
            writer.write(content)
            await writer.drain()
            await asyncio.sleep(0)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

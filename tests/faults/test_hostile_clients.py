"""Somebody with a way in sends what no screen of ours sends: they are out at once, and nobody else notices."""

import asyncio
import time
from pathlib import Path

import pytest

from app.live import wire
from tests.app.boards import open_board
from tests.app.driving import Meeting, Rondom, meeting_in
from tests.hostile_updates import LACKING, REFUSED, WORD, after, number, text, update


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
    writer.write(
        (
            f"GET /ws/m/{meeting.mama.id}/events HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Cookie: {meeting.mama.cookie}\r\n\r\n"
        ).encode()
    )
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


async def _send_without_end(writer: asyncio.StreamWriter, content: bytes) -> None:
    async with asyncio.timeout(5):
        while True:
            writer.write(content)
            await writer.drain()
            await asyncio.sleep(0)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

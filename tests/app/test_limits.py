"""As many places as a full meeting takes and no more, each refusal with its own code, and a log that stays short."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from http.client import HTTPResponse

import httpx
import pytest
import websockets

from app.live import connection as closing
from app.live import room
from meetings.boards import replica
from tests.app.boards import address_of, open_board
from tests.app.driving import Meeting, Rondom, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


async def test_a_fifth_tab_of_one_person_is_told_that_four_are_open_and_gets_in_when_one_closes(meeting: Meeting):
    async with AsyncExitStack() as tabs:
        four = [await tabs.enter_async_context(open_board(meeting.oma, "plan")) for _ in range(4)]
        fifth = await tabs.enter_async_context(open_board(meeting.oma, "plan"))
        await fifth.until(lambda b: b.closed_with == closing.OPEN_TOO_OFTEN)
        sami = await tabs.enter_async_context(open_board(meeting.sami, "plan"))
        await sami.until(lambda b: "eten" in b.values())
        await four[0].close()
        # The server hears a moment later that a tab closed.
        while True:
            again = await tabs.enter_async_context(open_board(meeting.oma, "plan"))
            await again.until(lambda b: b.closed_with is not None or "eten" in b.values())
            if again.closed_with is None:
                break


async def test_who_opens_a_board_and_says_nothing_gives_the_place_back(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(room, "SECONDS_TO_THE_FIRST_WORD", 0.3)
    cookie = {"Cookie": meeting.sami.cookie}
    async with (
        open_board(meeting.oma, "plan") as oma,
        websockets.connect(address_of(meeting.sami, "boards/plan"), additional_headers=cookie) as silent,
    ):
        await oma.until(lambda b: "eten" in b.values())
        await silent.wait_closed()
        assert silent.close_code == closing.TOO_MUCH
        oma.type("eten", "what", " samen")
        await oma.saved()


@pytest.mark.settings(sockets_per_board=2)
async def test_a_crowded_board_says_so_to_who_comes_too_many(meeting: Meeting):
    async with (
        open_board(meeting.oma, "plan") as oma,
        open_board(meeting.sami, "plan") as sami,
        open_board(meeting.mama, "plan") as mama,
    ):
        await mama.until(lambda b: b.closed_with == closing.BOARD_CROWDED)
        await oma.until(lambda b: "eten" in b.values())
        oma.type("eten", "what", " samen")
        await sami.until(lambda b: "samen" in b.values().get("eten", ""))


@pytest.mark.settings(sockets_per_address=2)
async def test_one_network_address_gets_so_many_places_and_each_again_when_it_is_free(meeting: Meeting):
    async with (
        open_board(meeting.oma, "plan"),
        open_board(meeting.sami, "plan"),
        open_board(meeting.mama, "plan") as mama,
    ):
        await mama.until(lambda b: b.closed_with == closing.HOUSE_CROWDED)
    while True:
        async with open_board(meeting.mama, "plan") as mama:
            await mama.until(lambda b: b.closed_with is not None or "eten" in b.values())
            if mama.closed_with is None:
                break


async def test_a_full_board_takes_nothing_more_but_lets_things_be_taken_away(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replica, "MOST_STATE_BYTES", 8_000)
    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
        for board in (oma, sami):
            await board.until(lambda b: "eten" in b.values())
        oma.type("eten", "what", "x" * 8_500)
        await oma.saved()
        oma.type("eten", "what", "dit past er niet meer bij")
        await oma.until(lambda b: "full" in b.denials)
        del sami.rows["eten"]
        await sami.saved()
        await oma.until(lambda b: "eten" not in b.values())
        sami.add("daarna", "past er weer bij")
        await sami.saved()
    async with open_board(meeting.mama, "plan") as mama:
        await mama.until(lambda b: b.values().get("daarna") == "past er weer bij")
        assert "eten" not in mama.values()


async def test_the_log_of_a_long_meeting_is_kept_short_while_people_write(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replica, "MOST_ROWS_OF_LOG", 20)
    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
        await oma.until(lambda b: "eten" in b.values())
        oma.add("geheim", "dit haal ik weer weg")
        await oma.saved()
        del oma.rows["geheim"]
        for number in range(30):
            oma.type("eten", "what", str(number % 10))
            await oma.saved()
        await _until_short(meeting)
        oma.type("eten", "what", " en klaar")
        await oma.saved()
        await sami.until(lambda b: b.values().get("eten", "").endswith(" en klaar"))
    async with open_board(meeting.mama, "plan") as mama:
        await mama.until(lambda b: b.values() == oma.values())


@pytest.mark.settings(messages_per_second=10_000)
async def test_a_board_of_three_thousand_edits_is_the_same_when_it_is_read_again(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        for number in range(3_000):
            oma.type("eten", "otherwise", str(number % 10))
            if number % 500 == 0:
                await oma.saved()
        await oma.saved()
        written = str(oma.rows["eten"]["otherwise"])
    async with open_board(meeting.mama, "plan") as mama:
        await mama.until(lambda b: "eten" in b.values() and str(b.rows["eten"]["otherwise"]) == written)
    assert len(written) > 3_000


async def _until_short(meeting: Meeting) -> None:
    async with asyncio.timeout(10):
        while meeting.rondom.count("board_update") >= 20:
            await asyncio.sleep(0.02)


@contextmanager
def dribbling(rondom: Rondom) -> Iterator[socket.socket]:
    """Begin to send a form, and do not finish."""
    with socket.create_connection(("127.0.0.1", rondom.settings.port), timeout=20) as phone:
        phone.sendall(
            b"POST /api/enter HTTP/1.1\r\nhost: localhost\r\naccept-language: nl\r\n"
            b'content-type: application/json\r\ncontent-length: 30\r\n\r\n{"tok'
        )
        yield phone


@pytest.mark.settings(requests_at_once=1)
def test_a_busy_server_says_so_on_a_page_of_its_own_and_serves_again_when_it_can(rondom: Rondom):
    def look() -> httpx.Response:
        return httpx.get(rondom.origin + "/", headers={"accept": "text/html", "accept-language": "nl"})

    with dribbling(rondom):
        while (busy := look()).status_code == 200:
            pass
        assert busy.status_code == 503
        assert "Het is nu erg druk." in busy.text
        assert busy.headers["retry-after"] == "30"
        assert "content-security-policy" in busy.headers
    while look().status_code != 200:
        pass


@pytest.mark.settings(seconds_for_a_body=0.5)
def test_a_form_that_dribbles_in_is_told_that_it_came_too_slowly(rondom: Rondom):
    with dribbling(rondom) as phone:
        answer = HTTPResponse(phone)
        answer.begin()
        assert answer.status == 408
        assert "te langzaam" in answer.read().decode()

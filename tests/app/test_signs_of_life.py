"""A phone that went to sleep is found by asking whether it is there; who was just heard is not asked (AU-22)."""

import asyncio

import pytest

from app.live import wire
from app.live.guard import GuardedWebSocket
from tests.app.boards import handshake
from tests.app.driving import Meeting, Rondom, meeting_in

EVERY = 0.3
_BINARY, _PING = 0x82, 0x89


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


@pytest.fixture(autouse=True)
def _asks_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in ("ping_interval", "ping_timeout"):
        monkeypatch.setattr(GuardedWebSocket, setting, property(lambda _: EVERY, lambda _, __: None), raising=False)


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, size = await reader.readexactly(2)
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2), "big")
    return first, await reader.readexactly(size)


async def _until(reader: asyncio.StreamReader, kind: int | None) -> None:
    while (await _frame(reader))[0] != kind:
        pass


@pytest.mark.settings(messages_per_second=1_000_000)
async def test_who_says_something_is_not_asked_and_who_falls_silent_is_asked_and_then_let_go(meeting: Meeting):
    reader, writer = await asyncio.open_connection("localhost", meeting.rondom.settings.port)
    writer.write(handshake(meeting.rondom, meeting.oma, "boards/plan"))
    await reader.readuntil(b"\r\n\r\n")
    now = asyncio.get_running_loop().time
    async with asyncio.timeout(20):
        talks_until = now() + 3 * EVERY
        heard = []
        while now() < talks_until:
            writer.write(bytes((_BINARY, 0x80 | 2)) + bytes(4) + bytes((wire.SAVED, 1)))
            heard.append((await _frame(reader))[0])
        silent_since = now()
        assert _BINARY in heard
        assert _PING not in heard
        await _until(reader, _PING)
        assert now() - silent_since > EVERY / 2
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            await _until(reader, None)
    writer.close()

"""A board's client for tests: a pycrdt document on the y-websocket wire, with nothing but a cookie."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import websockets
from pycrdt import Doc, Map, Subscription, Text, TransactionEvent
from sqlalchemy.ext.asyncio import AsyncSession

from app.live import wire
from app.live.hub import Hub
from meetings import house
from meetings.boards.replica import Replica
from meetings.record import Record, load_meeting
from meetings.storage.sealing import KeyRing
from tests.app.driving import Person, Rondom


class Board:
    """One open board."""

    def __init__(self, socket: websockets.ClientConnection, document: "Doc[Any] | None" = None) -> None:
        self.socket = socket
        self.document: Doc[Any] = Doc() if document is None else document
        self.presences: dict[int, dict[str, Any] | None] = {}
        self.saved_answers: list[int] = []
        self.denials: list[str] = []
        self.closed_with: int | None = None
        self._questions = 0
        self._changed = asyncio.Condition()
        self._remote = False
        self._sending: asyncio.Queue[bytes] = asyncio.Queue()
        self._observed: Subscription | None = self.document.observe(self._pass_on)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]

    @property
    def rows(self) -> "Map[Any]":
        agreements: Map[Any] = self.document.get("agreements", type=Map)
        return agreements

    def add(self, row: str, what: str, **more: Any) -> None:
        with self.document.transaction():
            self.rows[row] = Map({"order": "a0", "what": Text(what), "otherwise": Text(""), "who": Map({}), **more})

    def type(self, row: str, field: str, words: str) -> None:
        """Type at the end of a text."""
        text: Text = self.rows[row][field]
        text += words

    def values(self) -> dict[str, str]:
        return {row: values["what"] for row, values in (self.rows.to_py() or {}).items()}

    def send(self, message: bytes) -> None:
        self._sending.put_nowait(message)

    async def until(self, true: Callable[["Board"], object], seconds: float = 10) -> None:
        """Wait until something is true of this board."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: true(self))
        except TimeoutError as error:
            state = f"{len(self.rows)} rows, denied {self.denials}, closed with {self.closed_with}"
            raise TimeoutError(f"It did not become true in {seconds} seconds: {state}.") from error

    def ask_saved(self) -> int:
        """Ask whether everything sent so far is stored; the number comes back in `saved_answers`."""
        self._questions += 1
        self.send(bytes((wire.SAVED,)) + wire.number(self._questions))
        return self._questions

    async def saved(self, seconds: float = 10) -> None:
        """Ask whether everything sent so far is stored, and wait for the answer."""
        question = self.ask_saved()
        await self.until(lambda board: question in board.saved_answers, seconds)

    async def close(self) -> None:
        if self._observed is not None:
            self.document.unobserve(self._observed)
            self._observed = None
        await self.socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _pass_on(self, event: TransactionEvent) -> None:
        if not self._remote:
            self.send(wire.sync_update(event.update))

    async def _write(self) -> None:
        while True:
            await self.socket.send(await self._sending.get())

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                assert isinstance(message, bytes)
                self._take(wire.Reader(message))
                await self._tell()
        except websockets.ConnectionClosed:
            pass
        self.closed_with = self.socket.close_code
        await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _take(self, reader: wire.Reader) -> None:
        kind = reader.number()
        if kind == wire.SYNC:
            step, content = reader.number(), reader.block()
            if step == wire.STEP_1:
                self.send(wire.sync_step_2(self.document.get_update(content)))
            elif content != wire.NOTHING_NEW:
                self._remote = True
                self.document.apply_update(content)
                self._remote = False
        elif kind == wire.AWARENESS:
            self.presences |= {entry.client: entry.state for entry in wire.read_presence(reader.block())}
        elif kind == wire.SAVED:
            reader.block()
            self.saved_answers.append(reader.number())
        elif kind == wire.AUTH:
            reader.number()
            self.denials.append(reader.block().decode())


@asynccontextmanager
async def open_board(
    person: Person, board: str, query: str = "", document: "Doc[Any] | None" = None
) -> AsyncIterator[Board]:
    """Open a board as somebody, with what their device still holds of it."""
    address = address_of(person, f"boards/{board}{query}")
    # A browser has no most either: a whole board comes in one answer.
    async with websockets.connect(address, additional_headers={"Cookie": person.cookie}, max_size=None) as socket:
        opened = Board(socket, document)
        opened.send(wire.sync_step_1(opened.document.get_state()))
        try:
            yield opened
        finally:
            await opened.close()


class Held:
    """What a running Rondom does, held in the middle until it may go on."""

    def __init__(self) -> None:
        self._begun, self._go_on = threading.Event(), threading.Event()

    async def hold(self) -> None:
        self._begun.set()
        await asyncio.to_thread(self._go_on.wait, 10)

    async def begun(self) -> None:
        assert await asyncio.to_thread(self._begun.wait, 10), "It does not begin."

    def goes_on(self) -> None:
        self._go_on.set()


def held_loading(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Hold everybody who opens a board, when it was just loaded."""
    held, load = Held(), Hub.replica

    async def load_slowly(hub: Hub, record: Record, board: str) -> Replica:
        replica = await load(hub, record, board)
        await held.hold()
        return replica

    monkeypatch.setattr(Hub, "replica", load_slowly)
    return held


def held_change(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Hold the next change of a meeting, when it has just begun."""
    held = Held()

    async def load_slowly(session: AsyncSession, keys: KeyRing, meeting: str, *, writes: bool) -> Record:
        if writes:
            await held.hold()
        return await load_meeting(session, keys, meeting, writes=writes)

    monkeypatch.setattr(house, "load_meeting", load_slowly)
    return held


async def refused_with(person: Person, board: str, **headers: str) -> int:
    """Return the HTTP status with which a board's websocket is refused."""
    try:
        async with websockets.connect(
            address_of(person, f"boards/{board}"), additional_headers={"Cookie": person.cookie, **headers}
        ):
            return 101
    except websockets.InvalidStatus as refused:
        return refused.response.status_code


class Events:
    """A screen's events."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket

    async def next(self, seconds: float = 5) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            event: dict[str, Any] = json.loads(await self.socket.recv())
        return event

    async def until_phase(self, phase: str) -> None:
        while (await self.next())["phase"] != phase:
            pass

    async def quiet_for(self, seconds: float) -> bool:
        """Tell whether nothing comes for so long."""
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def open_events(person: Person) -> AsyncIterator[Events]:
    """Open a screen's events as somebody; the first, at connecting, is taken."""
    async with websockets.connect(address_of(person, "events"), additional_headers={"Cookie": person.cookie}) as socket:
        events = Events(socket)
        await events.next()
        yield events


def address_of(person: Person, rest: str) -> str:
    """The address of a websocket of somebody's, such as "boards/plan"."""
    origin = str(person.browser.base_url).rstrip("/").replace("http://", "ws://")
    return f"{origin}/ws/m/{person.id}/{rest}"


def handshake(rondom: Rondom, person: Person, path: str) -> bytes:
    """What a socket sends to open a websocket, for who wants to see each frame."""
    return (
        f"GET /ws/m/{person.id}/{path} HTTP/1.1\r\nHost: localhost:{rondom.settings.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Sec-WebSocket-Version: 13\r\nCookie: {person.cookie}\r\n\r\n"
    ).encode()

"""A client that comes back by itself, as a browser does: after a broken connection, and when one stays silent."""

import asyncio
from contextlib import suppress
from typing import Any

import websockets
from pycrdt import Doc

from app.live import wire
from tests.app.boards import Board, address_of
from tests.app.driving import Person

_OPEN_WITHIN = 1.0
_ANSWER_WITHIN = 0.3


class Roaming:
    """Somebody on one board, by way of a port that is not always good."""

    def __init__(self, person: Person, board: str, port: int) -> None:
        self.document: Doc[Any] = Doc()
        self.board: Board | None = None
        self._address = address_of(person, f"boards/{board}").replace(f":{person.browser.base_url.port}", f":{port}")
        self._cookie = person.cookie
        self._staying = asyncio.create_task(self._stay())

    async def close(self) -> None:
        self._staying.cancel()
        await asyncio.gather(self._staying, return_exceptions=True)

    async def all_saved(self) -> None:
        """Wait until this one has told everything, redialling when there is no answer."""
        while True:
            board = self.board
            if board is not None and board.closed_with is None:
                with suppress(TimeoutError):
                    await board.saved(_ANSWER_WITHIN)
                    return
                await _hang_up(board)
            await asyncio.sleep(0.01)

    async def _stay(self) -> None:
        while True:
            try:
                socket = await websockets.connect(
                    self._address,
                    additional_headers={"Cookie": self._cookie},
                    open_timeout=_OPEN_WITHIN,
                    close_timeout=0.05,
                )
            except (OSError, TimeoutError, websockets.WebSocketException):
                await asyncio.sleep(0.01)
                continue
            board = Board(socket, self.document)
            board.send(wire.sync_step_1(self.document.get_state()))
            self.board = board
            try:
                await board.until(lambda b: b.closed_with is not None, seconds=3600)
            finally:
                await board.close()


async def _hang_up(board: Board) -> None:
    board.socket.transport.abort()
    with suppress(TimeoutError):
        await board.until(lambda b: b.closed_with is not None, seconds=1)

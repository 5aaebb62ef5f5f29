"""A bad network between clients and the server: slow, silent, silent in one direction, or cut."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Network:
    """A small TCP proxy on a port of its own, that a test can make worse and better."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()
        self._delay = 0.0
        self._up, self._down = asyncio.Event(), asyncio.Event()
        self.heal()

    def heal(self) -> None:
        """Let everything through again, at once."""
        self._delay = 0.0
        self._up.set()
        self._down.set()

    def slow(self, seconds: float) -> None:
        """Let everything through so much later."""
        self._delay = seconds

    def part(self) -> None:
        """Let nothing through, and tell nobody."""
        self._up.clear()
        self._down.clear()

    def half_open(self, dice: random.Random) -> None:
        """Let nothing through in one direction."""
        (self._up if dice.random() < 0.5 else self._down).clear()

    def cut(self) -> None:
        """Break all connections."""
        for writer in tuple(self._open):
            writer.transport.abort()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Network"]:
        """Listen until the block ends."""
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.cut()

    async def _join(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        ends = (to_client, to_server)
        self._open.update(ends)
        passing = [
            asyncio.create_task(self._pass(from_client, to_server, self._up)),
            asyncio.create_task(self._pass(from_server, to_client, self._down)),
        ]
        await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
        for task in passing:
            task.cancel()
        for writer in ends:
            writer.transport.abort()
            self._open.discard(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lets: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self._delay:
                    await asyncio.sleep(self._delay)
                await lets.wait()
                writer.write(data)
                await writer.drain()

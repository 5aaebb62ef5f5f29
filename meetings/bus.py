"""What the workers of one house tell each other, over Redis or Valkey. A bell, never the truth: what a worker misses it
reads from the database.

A worker that does not hear its own heartbeat counts as deaf, whatever the connection says.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

_log: Final = structlog.get_logger("rondom")

_HEARTBEAT: Final = 1.0
_DEAF_AFTER: Final = 4.0
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
# What can't be told in time is not told: whoever misses it reads it.
_MOST_UNTOLD: Final = 10_000


class Note(NamedTuple):
    """What another worker tells: what about, and content under the meeting's key, which the bus never sees."""

    worker: str
    kind: str
    about: dict[str, Any]
    sealed: bytes


class Bus:
    """The workers' channel. `listeners` has who listens to each kind of note."""

    def __init__(self, url: str, channel: str = "rondom") -> None:
        self.worker = secrets.token_hex(8)
        self.listeners: dict[str, Callable[[Note], None]] = {}
        self.when_heard_again: Callable[[], Awaitable[None]] | None = None
        self._channel = channel
        self._redis: Redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=_DEAF_AFTER)
        self._untold: list[bytes] = []
        self._wake = asyncio.Event()
        self._heard_myself = float("-inf")
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def hears(self) -> bool:
        """Whether what others tell arrives here now."""
        return time.monotonic() - self._heard_myself < _DEAF_AFTER

    async def open(self) -> None:
        """Begin to tell and to listen; comes back by itself after a break."""
        self._tasks = [
            asyncio.create_task(self._tell_forever(), name="bus: tell"),
            asyncio.create_task(self._listen_forever(), name="bus: listen"),
            asyncio.create_task(self._beat_forever(), name="bus: heartbeat"),
        ]

    async def close(self) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(RedisError, OSError):
            await self._redis.aclose()

    def tell(self, kind: str, about: dict[str, Any], sealed: bytes = b"") -> None:
        """Tell the other workers, soon. Nothing is ever told twice, and nothing that matters hangs on it."""
        head = json.dumps({"worker": self.worker, "kind": kind, "about": about}).encode()
        if len(self._untold) < _MOST_UNTOLD:
            self._untold.append(head + b"\n" + sealed)
            self._wake.set()

    async def _beat_forever(self) -> None:
        while True:
            self.tell("heartbeat", {})
            await asyncio.sleep(_HEARTBEAT)

    async def _tell_forever(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await self._wake.wait()
            self._wake.clear()
            notes, self._untold = self._untold, []
            try:
                async with self._redis.pipeline(transaction=False) as pipeline:
                    for note in notes:
                        pipeline.publish(self._channel, note)
                    await pipeline.execute()
                pause = _FIRST_PAUSE
            except (RedisError, OSError) as error:
                _log.warning("bus: not told", kind=type(error).__name__, notes=len(notes))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _listen_forever(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as ear:
                    await ear.subscribe(self._channel)
                    began = time.monotonic()
                    while True:
                        message = await ear.get_message(timeout=_HEARTBEAT)
                        if message is not None:
                            await self._hear(message["data"])
                            pause = _FIRST_PAUSE
                        elif time.monotonic() - max(began, self._heard_myself) > _DEAF_AFTER:
                            raise TimeoutError
            except (RedisError, OSError) as error:
                _log.warning("bus: not heard", kind=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _hear(self, message: bytes) -> None:
        head, _, sealed = message.partition(b"\n")
        note = Note(**json.loads(head), sealed=sealed)
        if note.worker == self.worker:
            was_deaf = not self.hears
            self._heard_myself = time.monotonic()
            if was_deaf and self.when_heard_again is not None:
                await self.when_heard_again()
            return
        listener = self.listeners.get(note.kind)
        if listener is not None:
            try:
                listener(note)
            except Exception as error:
                _log.error("bus: note not taken", note=note.kind, kind=type(error).__name__)

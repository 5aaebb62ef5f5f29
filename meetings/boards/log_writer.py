"""The one writer of the log: commits what all boards have waiting in one transaction, and tells each how far it is.

While the log can't be written, such as on a full disk, what is in line stays in line and is stored once, later.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog

from meetings.boards.replica import Address, Replica
from meetings.refusals import StorageTrouble
from meetings.storage.board_log import BoardLog, Impossible

_log: Final = structlog.get_logger("rondom")

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 3.0
_PATIENCE_AT_CLOSING: Final = 5.0


@dataclass
class Stored:
    """Edits on their way into the log. Both futures fail when they can never be stored."""

    kept: "asyncio.Future[None]" = field(repr=False)
    """Done when they outlive this process."""
    safe: "asyncio.Future[None]" = field(repr=False)
    """Done when they outlive a power cut too: only this is called saved."""


@dataclass
class _Waiting:
    replica: Replica
    edits: list[tuple[bytes, str]]
    stored: Stored = field(repr=False)


class LogWriter:
    """Puts edits in the log, in the order in which they come."""

    def __init__(self, log: BoardLog) -> None:
        self._log = log
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._being_stored: list[_Waiting] = []
        self._settling: list[asyncio.Future[None]] = []
        self._writer: asyncio.Task[None] | None = None
        self._syncer: asyncio.Task[None] | None = None
        self._unsafe: list[asyncio.Future[None]] = []
        self._wake_syncer = asyncio.Event()
        self.in_trouble = False
        self.when_trouble: list[Callable[[bool], None]] = []

    @property
    def addresses(self) -> set[Address]:
        """The boards that have something in line."""
        return {waiting.replica.address for waiting in (*self._waiting, *self._being_stored)}

    def append(self, replica: Replica, edits: list[tuple[bytes, str]]) -> Stored:
        """Put edits (update, participant) in line for the log."""
        loop = asyncio.get_running_loop()
        stored = Stored(loop.create_future(), loop.create_future())
        self._waiting.append(_Waiting(replica, edits, stored))
        self._wake.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_forever(), name="board log")
            self._syncer = asyncio.create_task(self._sync_forever(), name="board log to disk")
        return stored

    async def settle(self) -> None:
        """Wait until everything that is in line has been stored. Raises StorageTrouble when it can't be now."""
        if self.in_trouble:
            raise StorageTrouble
        if self._waiting or self._being_stored:
            settled = asyncio.get_running_loop().create_future()
            self._settling.append(settled)
            await settled

    async def close(self) -> None:
        """Store what is in line, then stop. What can't be stored was never called saved."""
        if self._writer is not None:
            try:
                async with asyncio.timeout(_PATIENCE_AT_CLOSING):
                    await self.settle()
                    await self._log.reach_disk()
            except (TimeoutError, StorageTrouble, OSError) as error:
                _log.error("board log not closed well", kind=type(error).__name__)
        for task in (self._writer, self._syncer):
            if task is not None:
                task.cancel()
        await self._log.close()

    async def _write_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                self._being_stored, self._waiting = self._waiting, []
                await self._store(self._being_stored)
            self._being_stored = []
            self._tell_settling(None)

    async def _store(self, batch: list[_Waiting]) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._log.append(_rows(batch))
            except Impossible as error:
                # It is one board's fault, such as that its meeting is gone. The others are not to blame.
                if len(batch) > 1:
                    for waiting in batch:
                        await self._store([waiting])
                else:
                    _fail(batch[0].stored.kept, error)
                    _fail(batch[0].stored.safe, error)
                return
            except Exception as error:
                self._tell_trouble(error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                break
        for waiting in batch:
            _finish(waiting.stored.kept)
        self._unsafe += [waiting.stored.safe for waiting in batch]
        self._wake_syncer.set()
        self._tell_trouble(None)

    def _tell_trouble(self, error: Exception | None) -> None:
        if self.in_trouble == (error is not None):
            return
        self.in_trouble = error is not None
        if error is not None:
            _log.error("boards can't be stored", kind=type(error).__name__)
            self._tell_settling(StorageTrouble())
        for listener in self.when_trouble:
            listener(self.in_trouble)

    def _tell_settling(self, error: Exception | None) -> None:
        settling, self._settling = self._settling, []
        for settled in settling:
            if error is None:
                _finish(settled)
            else:
                _fail(settled, error)

    async def _sync_forever(self) -> None:
        """Bring to the disk what was committed: once for all that waits, while the next edits are being taken."""
        while True:
            await self._wake_syncer.wait()
            self._wake_syncer.clear()
            batch, self._unsafe = self._unsafe, []
            try:
                await self._log.reach_disk()
            except Exception as error:
                for safe in batch:
                    _fail(safe, error)
            else:
                for safe in batch:
                    _finish(safe)


def _rows(batch: list[_Waiting]) -> list[dict[str, object]]:
    now = datetime.now(UTC)
    return [
        {
            "meeting_id": waiting.replica.address.meeting,
            "board": waiting.replica.address.board,
            "epoch": waiting.replica.address.epoch,
            "participant_id": participant,
            "at": now,
            "sealed": waiting.replica.key.seal(update, waiting.replica.address.place),
        }
        for waiting in batch
        for update, participant in waiting.edits
    ]


def _finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: "asyncio.Future[None]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        # Whoever waits for it is told; nobody has to.
        future.exception()

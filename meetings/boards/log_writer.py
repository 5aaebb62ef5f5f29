"""The one writer of the log: commits what all boards have waiting in one transaction, and tells each how far it is.

An edit that comes alone is stored at once. When many come, they are gathered for a few milliseconds: a commit and a
trip to the disk for each would cost more than all the rest of the server (docs/decisions/0016).
While the log can't be written, such as on a full disk, what is in line stays in line and is stored once, later.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import exp
from typing import Final

import structlog

from meetings.boards.replica import Address, Replica
from meetings.refusals import StorageTrouble
from meetings.storage.board_log import BoardLog, Impossible, Moved

_log: Final = structlog.get_logger("rondom")

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 3.0
_PATIENCE_AT_CLOSING: Final = 5.0
_MANY_EDITS_A_SECOND: Final = 125
_GATHERING: Final = 0.02
_BETWEEN_DISK_TRIPS: Final = 0.05


@dataclass
class Stored:
    """Edits on their way into the log. Both futures fail when they can never be stored."""

    kept: "asyncio.Future[None]" = field(repr=False)
    """Done when they outlive this process."""
    safe: "asyncio.Future[None]" = field(repr=False)
    """Done when they outlive a power cut too: only this is called saved."""
    state: bytes = b""
    """The state vector of the board with these edits; known when they are kept."""


@dataclass
class _Batch:
    """Edits of one board that are stored together, judged by how the meeting stood at one revision."""

    replica: Replica
    revision: int
    stored: Stored
    edits: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def authors(self) -> set[str]:
        return {participant for _update, participant in self.edits}


class Gathering:
    """How long to wait for more edits before a commit: not at all, until so many come that they share one."""

    def __init__(self) -> None:
        self._lately = 0.0
        self._at = 0.0

    def seconds_after(self, edits: int, now: float) -> float:
        """Return how long to gather, when so many more came by now. The clock counts in seconds, from anywhere."""
        # About as many as came in the last second: what is longer ago counts for less and less.
        self._lately = self._lately * exp(self._at - now) + edits
        self._at = now
        return _GATHERING if self._lately > _MANY_EDITS_A_SECOND else 0


class LogWriter:
    """Puts edits in the log, in the order in which they come.

    `judge_again` is asked when a meeting changed elsewhere before edits on it were stored: it returns the meeting's
    revision now when all these participants may still write on this board, and None when they may not.
    """

    def __init__(self, log: BoardLog) -> None:
        self._log = log
        # Asked of asyncio at every edit it would cost a call of the system each time.
        self._loop = asyncio.get_running_loop()
        self._waiting: list[_Batch] = []
        self._open: dict[Address, _Batch] = {}
        self._being_stored: list[_Batch] = []
        self._settling: set[asyncio.Future[None]] = set()
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._syncer: asyncio.Task[None] | None = None
        self._unsafe: list[asyncio.Future[None]] = []
        self._wake_syncer = asyncio.Event()
        self._gathering = Gathering()
        self._appended = 0
        self.in_trouble = False
        self.when_trouble: list[Callable[[bool], None]] = []
        self.when_stored: Callable[[Replica, list[tuple[bytes, str]]], None] | None = None
        self.judge_again: Callable[[Address, set[str]], Awaitable[int | None]] | None = None

    def append(self, replica: Replica, update: bytes, participant: str, revision: int) -> Stored:
        """Put an edit in line for the log, judged by the meeting as it stood at `revision`.

        Edits of one board that come while others are being stored share what is returned: they are stored together.
        """
        if replica.spoilt:
            stored = Stored(self._loop.create_future(), self._loop.create_future())
            _fail_both(stored, Impossible())
            return stored
        batch = self._open.get(replica.address)
        if batch is None or batch.revision != revision:
            stored = Stored(self._loop.create_future(), self._loop.create_future())
            batch = self._open[replica.address] = _Batch(replica, revision, stored)
            self._waiting.append(batch)
            self._wake.set()
        batch.edits.append((update, participant))
        self._appended += 1
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_forever(), name="board log")
            self._syncer = asyncio.create_task(self._sync_forever(), name="board log to disk")
        return batch.stored

    async def settle(self, meeting: str | None = None) -> None:
        """Wait until what is in line now, of one meeting or of all, has been stored or never can be.

        Raises StorageTrouble when it can't be now.
        """
        if self.in_trouble:
            raise StorageTrouble
        in_line = [
            batch.stored.kept
            for batch in (*self._being_stored, *self._waiting)
            if meeting is None or batch.replica.address.meeting == meeting
        ]
        if in_line:
            trouble = self._loop.create_future()
            self._settling.add(trouble)
            try:
                await asyncio.wait(
                    {trouble, asyncio.gather(*in_line, return_exceptions=True)}, return_when="FIRST_COMPLETED"
                )
            finally:
                self._settling.discard(trouble)
            if trouble.done():
                raise StorageTrouble

    async def close(self) -> bool:
        """Store what is in line, then stop. Return whether all that was shown is on the disk.

        What can't be stored was never called saved.
        """
        all_on_disk = True
        if self._writer is not None:
            try:
                async with asyncio.timeout(_PATIENCE_AT_CLOSING):
                    await self.settle()
                    await self._log.reach_disk()
            except (TimeoutError, StorageTrouble, OSError) as error:
                _log.error("board log not closed well", kind=type(error).__name__)
                all_on_disk = False
        for task in (self._writer, self._syncer):
            if task is not None:
                task.cancel()
        await self._log.close()
        return all_on_disk

    async def _write_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._gather()
                self._being_stored, self._waiting = self._waiting, []
                self._open.clear()
                for batch in self._being_stored:
                    batch.stored.state = batch.replica.document.get_state()
                await self._store(self._being_stored)
            self._being_stored = []

    async def _gather(self) -> None:
        seconds = self._gathering.seconds_after(self._appended, self._loop.time())
        self._appended = 0
        if seconds:
            await asyncio.sleep(seconds)

    async def _store(self, batches: list[_Batch]) -> None:
        pause = _FIRST_PAUSE
        while batches := [batch for batch in batches if not batch.replica.spoilt]:
            try:
                try:
                    await self._log.append(_rows(batches), _revisions(batches))
                except Moved:
                    batches = [batch for batch in batches if await self._still_may(batch)]
                    continue
            except Impossible as error:
                # It is one board's fault, such as that its meeting is gone. The others are not to blame.
                if len(batches) == 1:
                    self._give_up(batches[0].replica, error)
                    return
                for batch in batches:
                    await self._store([batch])
                return
            except Exception as error:
                self._tell_trouble(error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                break
        for batch in batches:
            _finish(batch.stored.kept)
            if self.when_stored is not None:
                self.when_stored(batch.replica, batch.edits)
        self._unsafe += [batch.stored.safe for batch in batches]
        self._wake_syncer.set()
        self._tell_trouble(None)

    async def _still_may(self, batch: _Batch) -> bool:
        if self.judge_again is None:
            return True
        revision = await self.judge_again(batch.replica.address, batch.authors)
        if revision is None:
            self._give_up(batch.replica, Moved())
            return False
        batch.revision = revision
        return True

    def _give_up(self, replica: Replica, error: Exception) -> None:
        """Store nothing more of this copy of a board: what was typed later may hang on what can't be stored."""
        replica.spoilt = True
        for batch in (*self._being_stored, *self._waiting):
            if batch.replica is replica:
                _fail_both(batch.stored, error)
        self._waiting = [batch for batch in self._waiting if batch.replica is not replica]
        self._open.pop(replica.address, None)

    def _tell_trouble(self, error: Exception | None) -> None:
        if self.in_trouble == (error is not None):
            return
        self.in_trouble = error is not None
        if error is not None:
            _log.error("boards can't be stored", kind=type(error).__name__)
            for settling in self._settling:
                _finish(settling)
        for listener in self.when_trouble:
            listener(self.in_trouble)

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
            await asyncio.sleep(_BETWEEN_DISK_TRIPS)


def _rows(batches: list[_Batch]) -> list[dict[str, object]]:
    now = datetime.now(UTC)
    return [
        {
            "meeting_id": batch.replica.address.meeting,
            "board": batch.replica.address.board,
            "epoch": batch.replica.address.epoch,
            "participant_id": participant,
            "at": now,
            "sealed": batch.replica.key.seal(update, batch.replica.address.place),
        }
        for batch in batches
        for update, participant in batch.edits
    ]


def _revisions(batches: list[_Batch]) -> dict[str, int]:
    """The earliest of each meeting: when one is of before a change, all are judged again."""
    earliest: dict[str, int] = {}
    for batch in batches:
        meeting = batch.replica.address.meeting
        earliest[meeting] = min(batch.revision, earliest.get(meeting, batch.revision))
    return earliest


def _fail_both(stored: Stored, error: Exception) -> None:
    _fail(stored.kept, error)
    _fail(stored.safe, error)


def _finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: "asyncio.Future[None]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        # Whoever waits for it is told; nobody has to.
        future.exception()

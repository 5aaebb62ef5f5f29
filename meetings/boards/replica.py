"""This process's copy of one board, and the log that keeps it. The log is the truth; a replica is never ahead for long.

One writer commits what all boards have waiting in one transaction, and each edit is told when it is stored.
"""

import asyncio
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pycrdt import Doc, TransactionEvent
from sqlmodel import col, select

from meetings.boards.ledger import Ledger
from meetings.boards.scanner import Refused, Scanned, scan
from meetings.storage.board_log import board_log
from meetings.storage.database import Database
from meetings.storage.sealing import ContentKey, SealBroken
from meetings.storage.tables import BoardSnapshotRow, BoardUpdateRow

_IDLE_REPLICAS = 256


@dataclass(frozen=True)
class Address:
    """Where a board lives. A new epoch is a new document: old copies of it never merge into the new one."""

    meeting: str
    board: str
    epoch: int

    @property
    def place(self) -> str:
        return f"board/{self.meeting}/{self.board}/{self.epoch}"


class Replica:
    """One board's document in this process."""

    def __init__(self, address: Address, key: ContentKey, roots: frozenset[str]) -> None:
        self.address = address
        self.key = key
        self.ledger = Ledger(roots)
        self.damaged = False
        self.document: Doc[Any] = Doc()
        self.watchers: set[Callable[[bytes], None]] = set()
        self._effect: bytes | None = None
        # Held as long as the replica: without unobserving, each forgotten board would leak its document.
        self._observed = self.document.observe(self._remember)

    def _remember(self, event: TransactionEvent) -> None:
        self._effect = event.update

    def take(self, update: bytes, participant: str) -> bytes | None:
        """Take a participant's update; return what it really changed, or None when it brought nothing new.

        Raises Refused for what no screen of ours sends, and Lacking when something before it is missing here.
        """
        scanned = scan(update)
        self.ledger.judge(scanned, participant)
        return self._apply(update, scanned, participant)

    def load(self, update: bytes, participant: str | None) -> None:
        """Take up what the log holds. Raises Refused when it is damaged."""
        self._apply(update, scan(update), participant)

    def _apply(self, update: bytes, scanned: Scanned, participant: str | None) -> bytes | None:
        self._effect = None
        try:
            self.document.apply_update(update)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # A panic inside the CRDT is no Exception, and still only this update's fault (security.md AU-33).
            raise Refused("the CRDT does not take it") from error
        self.ledger.note(scanned, participant)
        return self._effect

    def apply_for_all(self, update: bytes) -> None:
        """Apply what the house itself wrote, and show it to everybody who watches this board."""
        effect = self._apply(update, scan(update), None)
        if effect is not None:
            for watcher in tuple(self.watchers):
                watcher(effect)

    def snapshot(self) -> BoardSnapshotRow:
        """Return all that the board holds now, and nothing that was deleted from it (security.md F6), sealed."""
        # A document keeps what was deleted until it is read anew from what it says of itself.
        fresh: Doc[Any] = Doc()
        fresh.apply_update(self.document.get_update())
        values = {
            "update": b64encode(fresh.get_update()).decode(),
            "owners": {str(client): owner for client, owner in self.ledger.owners.items()},
        }
        return BoardSnapshotRow(
            meeting_id=self.address.meeting,
            board=self.address.board,
            epoch=self.address.epoch,
            at=datetime.now(UTC),
            sealed=self.key.seal_values(values, f"snapshot/{self.address.place}"),
        )

    def let_go(self) -> None:
        """Stop observing the document, so that it can be freed."""
        self.document.unobserve(self._observed)


@dataclass
class Stored:
    """Edits on their way into the log. Both futures fail when they can't be stored."""

    kept: "asyncio.Future[None]" = field(repr=False)
    """Done when they outlive this process."""
    safe: "asyncio.Future[None]" = field(repr=False)
    """Done when they outlive a power cut too: only this is called saved."""


@dataclass
class _Waiting:
    replica: Replica
    edits: list[tuple[bytes, str]]
    stored: Stored = field(repr=False)


class Boards:
    """All boards that this process holds, and the one writer of their log."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._log = board_log(database)
        self._replicas: OrderedDict[Address, asyncio.Future[Replica]] = OrderedDict()
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._writer: asyncio.Task[None] | None = None
        self._syncer: asyncio.Task[None] | None = None
        self._unsafe: list[asyncio.Future[None]] = []
        self._wake_syncer = asyncio.Event()

    async def replica(self, address: Address, key: ContentKey, roots: frozenset[str]) -> Replica:
        """Return this process's copy of a board, loaded from its log once, however many ask at the same time."""
        known = self._replicas.get(address)
        if known is None:
            known = asyncio.ensure_future(self._load(address, key, roots))
            self._replicas[address] = known
            known.add_done_callback(lambda done: self._forget_failure(address, done))
        self._replicas.move_to_end(address)
        loaded = await asyncio.shield(known)
        self._let_go_of_idle()
        return loaded

    def append(self, replica: Replica, edits: list[tuple[bytes, str]]) -> Stored:
        """Put edits (update, participant) in line for the log."""
        loop = asyncio.get_running_loop()
        stored = Stored(loop.create_future(), loop.create_future())
        self._waiting.append(_Waiting(replica, edits, stored))
        self._quiet.clear()
        self._wake.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_forever(), name="board log")
            self._syncer = asyncio.create_task(self._sync_forever(), name="board log to disk")
        return stored

    async def settle(self) -> None:
        """Wait until everything that is in line has been stored or refused."""
        await self._quiet.wait()

    def forget(self, address: Address) -> None:
        """Drop this process's copy; the next one who asks loads it from the log."""
        known = self._replicas.pop(address, None)
        if known is not None and known.done() and not known.cancelled() and known.exception() is None:
            known.result().let_go()

    async def close(self) -> None:
        """Store what is in line, then stop."""
        await self.settle()
        if self._writer is not None:
            await self._log.reach_disk()
            await self._log.close()
        for task in (self._writer, self._syncer):
            if task is not None:
                task.cancel()
        for address in list(self._replicas):
            self.forget(address)

    async def _load(self, address: Address, key: ContentKey, roots: frozenset[str]) -> Replica:
        replica = Replica(address, key, roots)
        rows = (
            select(BoardUpdateRow.sealed, BoardUpdateRow.participant_id)
            .where(
                col(BoardUpdateRow.meeting_id) == address.meeting,
                col(BoardUpdateRow.board) == address.board,
                col(BoardUpdateRow.epoch) == address.epoch,
            )
            .order_by(col(BoardUpdateRow.sequence))
        )
        async with self._database.reading() as session:
            snapshot = await session.get(BoardSnapshotRow, (address.meeting, address.board))
            try:
                if snapshot is not None and snapshot.epoch == address.epoch:
                    kept = key.open_values(snapshot.sealed, f"snapshot/{address.place}")
                    replica.load(b64decode(kept["update"]), None)
                    replica.ledger.give_owners({int(client): owner for client, owner in kept["owners"].items()})
                for sealed, participant in (await session.execute(rows)).all():
                    replica.load(key.open(sealed, address.place), participant)
            except (Refused, SealBroken):
                # What came before it is whole: the board is shown as it was then, and nobody writes on it.
                replica.damaged = True
        return replica

    def _forget_failure(self, address: Address, done: "asyncio.Future[Replica]") -> None:
        if (done.cancelled() or done.exception() is not None) and self._replicas.get(address) is done:
            del self._replicas[address]

    def _let_go_of_idle(self) -> None:
        busy = {waiting.replica.address for waiting in self._waiting}
        for address in list(self._replicas):
            if len(self._replicas) <= _IDLE_REPLICAS:
                return
            held = self._replicas[address]
            if held.done() and not held.result().watchers and address not in busy:
                self.forget(address)

    async def _write_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._store(batch)
            self._quiet.set()

    async def _store(self, batch: list[_Waiting]) -> None:
        now = datetime.now(UTC)
        rows = [
            {
                "meeting_id": w.replica.address.meeting,
                "board": w.replica.address.board,
                "epoch": w.replica.address.epoch,
                "participant_id": participant,
                "at": now,
                "sealed": w.replica.key.seal(update, w.replica.address.place),
            }
            for w in batch
            for update, participant in w.edits
        ]
        try:
            await self._log.append(rows)
        except Exception as error:
            # A copy that knows more than the log would show others what a crash could still take away.
            for waiting in batch:
                self.forget(waiting.replica.address)
                _fail(waiting.stored.kept, error)
                _fail(waiting.stored.safe, error)
        else:
            for waiting in batch:
                _finish(waiting.stored.kept)
            self._unsafe += [waiting.stored.safe for waiting in batch]
            self._wake_syncer.set()

    async def _sync_forever(self) -> None:
        """Bring to the disk what was committed: once for all that waits, while the next edits are being taken."""
        while True:
            await self._wake_syncer.wait()
            self._wake_syncer.clear()
            batch, self._unsafe = self._unsafe, []
            try:
                await self._log.reach_disk()
            except OSError as error:
                for safe in batch:
                    _fail(safe, error)
            else:
                for safe in batch:
                    _finish(safe)


def _finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: "asyncio.Future[None]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        # Whoever waits for it is told; nobody has to.
        future.exception()


def board_update_row(address: Address, key: ContentKey, update: bytes, participant: str | None) -> BoardUpdateRow:
    """Return the log row of one update, sealed."""
    return BoardUpdateRow(
        meeting_id=address.meeting,
        board=address.board,
        epoch=address.epoch,
        participant_id=participant,
        at=datetime.now(UTC),
        sealed=key.seal(update, address.place),
    )

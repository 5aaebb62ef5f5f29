"""This process's copy of one board. The log is the truth; a replica is never ahead of it for long."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final
from weakref import finalize, ref

from pycrdt import Doc, TransactionEvent

from meetings.boards.ledger import Full, Ledger, nobody
from meetings.boards.scanner import Refused, Scanned, scan
from meetings.storage.sealing import ContentKey
from meetings.storage.tables import BoardSnapshotRow, BoardUpdateRow

MOST_STATE_BYTES: Final = 2 * 1024 * 1024
MOST_LOG_BYTES: Final = 20 * 1024 * 1024
MOST_ROWS_OF_LOG: Final = 2_000
# Structs, and ranges of what was deleted: whoever comes back sends all of those in one message.
MOST_PIECES: Final = 20_000
# Measuring a big board takes long: it may take a twentieth of the time.
_REST_AFTER_MEASURING: Final = 20


@dataclass(frozen=True)
class Address:
    """Where a board lives. A new epoch is a new document: old copies of it never merge into the new one."""

    meeting: str
    board: str
    epoch: int

    def as_json(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        return {"meeting": self.meeting, "board": self.board, "epoch": self.epoch}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Address":
        """Return it from `as_json`."""
        return cls(values["meeting"], values["board"], values["epoch"])

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
        # Whether an edit on it can never be stored: what was typed after that may hang on it.
        self.spoilt = False
        self.document: Doc[Any] = Doc()
        self.watchers: set[Callable[[bytes], None]] = set()
        # Up to where the log was read; what this process itself wrote after that may be in it twice.
        self.read_to = 0
        # What was added to the log since it was compacted, and to the state since that was measured.
        self.log_rows = 0
        self.log_bytes = 0
        self._state_bytes = 0
        self._pieces = 0
        self._added = 0
        self._measure_from = 0.0
        self._effect: bytes | None = None
        self._observe()

    def _observe(self) -> None:
        """Hear what each update changes, without keeping the replica alive by it."""
        itself = ref(self)

        def remember(event: TransactionEvent) -> None:
            replica = itself()
            if replica is not None:
                replica._effect = event.update

        # Without unobserving, each board that is let go of would leak its document.
        unobserve = finalize(self, self.document.unobserve, self.document.observe(remember))
        unobserve.atexit = False

    @property
    def full(self) -> bool:
        """Whether the board holds as much as it may."""
        if self._may_be_full and self._added and monotonic() >= self._measure_from:
            # What was added may have replaced what was there: only now is it worth writing out whole to know.
            self._measure()
        return self._may_be_full or self.log_bytes > MOST_LOG_BYTES

    @property
    def _may_be_full(self) -> bool:
        return self._state_bytes + self._added > MOST_STATE_BYTES or self._pieces > MOST_PIECES

    def _measure(self) -> None:
        began = monotonic()
        state = self._without_what_was_deleted()
        self._state_bytes, self._added = len(state), 0
        if self._pieces > MOST_PIECES:
            self._pieces = _pieces_of(scan(state, from_log=True))
        self._measure_from = monotonic() + _REST_AFTER_MEASURING * (monotonic() - began)

    @property
    def wants_compacting(self) -> bool:
        """Whether the log became so long that reading it takes time, or nears what it may hold (AU-36: at 80%)."""
        return self.log_rows > MOST_ROWS_OF_LOG or self.log_bytes > MOST_LOG_BYTES * 8 // 10

    def take(self, update: bytes, participant: str, holder: Callable[[int], str | None] = nobody) -> bytes | None:
        """Take a participant's update; return what it really changed, or None when it brought nothing new.

        `holder` tells who is here with a client id that nobody wrote with yet.
        Raises Refused for what no screen of ours sends, Lacking when something before it is missing here, and Full.
        """
        scanned = scan(update)
        hung = self.ledger.judge(scanned, participant, holder)
        if self.full and (scanned.structs or self._pieces > 2 * MOST_PIECES):
            raise Full
        effect = self._apply(update)
        self.ledger.take_up(hung, participant)
        if effect is not None:
            self._count(effect, scanned)
        return effect

    def load(self, update: bytes, participant: str | None) -> bytes | None:
        """Take up what the log holds; return what it changed.

        Raises Refused when it is damaged, and Lacking when something before it was not taken up yet.
        """
        scanned = scan(update, from_log=True)
        hung = self.ledger.expect(scanned)
        effect = self._apply(update)
        self.ledger.take_up(hung, participant)
        self._count(update, scanned)
        return effect

    def _count(self, update: bytes, scanned: Scanned) -> None:
        self.log_rows += 1
        self.log_bytes += len(update)
        self._added += len(update)
        self._pieces += _pieces_of(scanned)

    def _apply(self, update: bytes) -> bytes | None:
        self._effect = None
        try:
            self.document.apply_update(update)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # A panic inside the CRDT is no Exception, and still only this update's fault (security.md AU-33).
            raise Refused("the CRDT does not take it") from error
        return self._effect

    def show(self, effect: bytes | None) -> None:
        """Show everybody who watches this board what changed on it other than by their own hand."""
        if effect is not None:
            for watcher in tuple(self.watchers):
                watcher(effect)

    def apply_for_all(self, update: bytes) -> None:
        """Apply what the house itself wrote, and show it to everybody who watches this board."""
        self.show(self.load(update, None))

    def snapshot(self) -> BoardSnapshotRow:
        """Return all that the board holds now, and nothing that was deleted from it (security.md F6), sealed."""
        values = {
            "update": b64encode(self._without_what_was_deleted()).decode(),
            "owners": {str(client): owner for client, owner in self.ledger.owners.items()},
        }
        return BoardSnapshotRow(
            meeting_id=self.address.meeting,
            board=self.address.board,
            epoch=self.address.epoch,
            through=self.read_to,
            at=datetime.now(UTC),
            sealed=self.key.seal_values(values, f"snapshot/{self.address.place}"),
        )

    def _without_what_was_deleted(self) -> bytes:
        # A document keeps what was deleted until it is read anew from what it says of itself.
        fresh: Doc[Any] = Doc()
        fresh.apply_update(self.document.get_update())
        return fresh.get_update()

    def in_epoch(self, epoch: int) -> "Replica":
        """Return a copy of this board as another document, which older copies on devices never merge into."""
        address = Address(self.address.meeting, self.address.board, epoch)
        copy = Replica(address, self.key, self.ledger.roots)
        copy.load(self._without_what_was_deleted(), None)
        copy.ledger.give_owners(self.ledger.owners)
        return copy

    def load_snapshot(self, row: BoardSnapshotRow) -> bytes | None:
        """Take up a snapshot; return what it changed. Raises Refused and SealBroken when it is damaged."""
        kept = self.key.open_values(row.sealed, f"snapshot/{self.address.place}")
        effect = self.load(b64decode(kept["update"]), None)
        self.ledger.give_owners({int(client): owner for client, owner in kept["owners"].items()})
        self.read_to = max(self.read_to, row.through)
        return effect


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


def _pieces_of(scanned: Scanned) -> int:
    return len(scanned.structs) + len(scanned.deletes)

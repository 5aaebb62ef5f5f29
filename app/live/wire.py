"""The y-websocket wire: messages as bytes, with our own `saved` frame beside sync and awareness.

Strict reading: bytes that are no message raise Garbled, and nothing half-read is passed on.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pycrdt import merge_updates

SYNC: Final = 0
AWARENESS: Final = 1
AUTH: Final = 2
ASK_AWARENESS: Final = 3
SAVED: Final = 100

STEP_1: Final = 0
STEP_2: Final = 1
UPDATE: Final = 2

_MOST_BITS = 63
_MERGED_AT_ONCE: Final = 64
NOTHING_NEW: Final = b"\x00\x00"

# Why an edit was not taken: this person may only read; it can't be stored now; the board holds as much as it can; a
# part of its log can't be read, so that nobody writes on it (docs/decisions/0011).
READ_ONLY: Final = "read only"
STORAGE: Final = "storage"
FULL: Final = "full"
DAMAGED: Final = "damaged"


class Garbled(Exception):
    """These bytes are no message of this protocol."""


class Reader:
    """Reads one message from its start to its end."""

    def __init__(self, message: bytes) -> None:
        self._message = message
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether all of the message was read."""
        return self._at >= len(self._message)

    def number(self) -> int:
        """Read a number of variable length. Raises Garbled."""
        message, end, at = self._message, len(self._message), self._at
        number = shift = 0
        while True:
            if at >= end or shift > _MOST_BITS:
                raise Garbled
            byte = message[at]
            at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                self._at = at
                return number
            shift += 7

    def block(self) -> bytes:
        """Read a block of bytes with its length before it. Raises Garbled."""
        length = self.number()
        if self._at + length > len(self._message):
            raise Garbled
        self._at += length
        return self._message[self._at - length : self._at]


def number(value: int) -> bytes:
    """Write a number of variable length."""
    written = bytearray()
    while value > 0x7F:
        written.append(0x80 | (value & 0x7F))
        value >>= 7
    written.append(value)
    return bytes(written)


def block(content: bytes) -> bytes:
    """Write a block of bytes with its length before it."""
    return number(len(content)) + content


def sync_step_1(state: bytes) -> bytes:
    """Ask for all that this state vector lacks."""
    return bytes((SYNC, STEP_1)) + block(state)


def sync_step_2(update: bytes) -> bytes:
    """Answer with all that was lacking."""
    return bytes((SYNC, STEP_2)) + block(update)


def sync_update(update: bytes) -> bytes:
    """Pass on an edit."""
    return bytes((SYNC, UPDATE)) + block(update)


def merged(updates: Sequence[bytes]) -> bytes:
    """Return these edits, at least one, as one.

    In groups: to merge a thousand at once takes the CRDT seven times as long for each as to merge thirty, so that who
    is behind would fall behind further.
    """
    while len(updates) > 1:
        groups = [updates[at : at + _MERGED_AT_ONCE] for at in range(0, len(updates), _MERGED_AT_ONCE)]
        updates = [merge_updates(*group) for group in groups]
    return updates[0]


def saved(state: bytes, question: int) -> bytes:
    """Tell what is stored, and the last question for which all that was sent before it is."""
    return bytes((SAVED,)) + block(state) + number(question)


def denied(reason: str) -> bytes:
    """Tell that an edit was not taken, in the protocol's own way (auth message, permission denied)."""
    return bytes((AUTH, 0)) + block(reason.encode())


@dataclass(frozen=True)
class Presence:
    """One awareness entry: a client's clock and what it says of itself (None when it leaves)."""

    client: int
    clock: int
    state: dict[str, Any] | None


def read_presence(content: bytes) -> list[Presence]:
    """Read the entries of an awareness message. Raises Garbled."""
    reader = Reader(content)
    count = reader.number()
    if count > 1000:
        raise Garbled
    entries = []
    for _ in range(count):
        client, clock, state = reader.number(), reader.number(), reader.block()
        try:
            value = json.loads(state)
        except (ValueError, RecursionError) as error:
            raise Garbled from error
        entries.append(Presence(client, clock, value if isinstance(value, dict) else None))
    return entries


def presence(entries: list[Presence]) -> bytes:
    """Write an awareness message."""
    content = number(len(entries))
    for entry in entries:
        state = json.dumps(entry.state, ensure_ascii=False).encode()
        content += number(entry.client) + number(entry.clock) + block(state)
    return bytes((AWARENESS,)) + block(content)

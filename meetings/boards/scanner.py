"""Reads a Yjs update (v1 encoding) before anything else does: no byte that was not scanned reaches the CRDT.

A 60 KB update can crash the process that applies it, a 16-byte one can silence somebody for good (security.md F1 to
F3, AU-30). This reader knows every part of the format, uses no recursion, and says no to what no screen of ours sends.
Whether the update may come from whom it comes is another question: see ownership.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

MOST_STRUCTS: Final = 20_000
MOST_SIGNS: Final = 16_000
MOST_KEY: Final = 64
MOST_VALUES: Final = 200
MOST_VALUE_DEPTH: Final = 8
MOST_GONE: Final = 65_536
_MOST_NUMBER: Final = 2**53

_ORIGIN, _RIGHT_ORIGIN, _PARENT_KEY = 0x80, 0x40, 0x20
_GC, _DELETED, _STRING, _FORMAT, _TYPE, _ANY = 0, 1, 4, 6, 7, 8
_MAP, _TEXT, _ARRAY = 1, 2, 0
_TYPES: Final = {_ARRAY, _MAP, _TEXT}
_REFUSED: Final = {2: "legacy values", 3: "binary", 5: "embeds", 9: "documents in documents", 10: "gaps", 11: "moves"}

Id = tuple[int, int]


class Refused(Exception):
    """This update is not one that a screen of ours sends. The text says why, for the log; it quotes nothing."""


class _Most(NamedTuple):
    """How much one update may hold, besides being no longer than a message."""

    structs: int
    signs: int
    values: int
    gone: int


_SENT: Final = _Most(MOST_STRUCTS, MOST_SIGNS, MOST_VALUES, MOST_GONE)
# The CRDT joins what stands side by side: what came in many edits, the log may hold as one.
_KEPT: Final = _Most(_MOST_NUMBER, _MOST_NUMBER, _MOST_NUMBER, _MOST_NUMBER)


class Struct(NamedTuple):
    """One struct: its place, what it hangs on, and whether it is a type that others can hang in."""

    client: int
    clock: int
    length: int
    origin: Id | None = None
    right_origin: Id | None = None
    parent: Id | None = None
    root: str | None = None
    is_type: bool = False
    is_gone: bool = False


@dataclass
class Scanned:
    """A whole update: its structs in the order they stand, and the ranges it deletes as (client, clock, length)."""

    structs: list[Struct] = field(default_factory=list)
    deletes: list[tuple[int, int, int]] = field(default_factory=list)


def scan(update: bytes, *, from_log: bool = False) -> Scanned:
    """Return what an update holds. Raises Refused; never anything else, whatever the bytes.

    What comes from the log may hold as much as a whole board.
    """
    reading = _Reading(update)
    scanned = Scanned()
    most = _KEPT if from_log else _SENT
    left = most.structs
    seen: set[int] = set()
    for _ in range(reading.count(most.structs)):
        amount = reading.count(left)
        left -= amount
        client, clock = reading.number(), reading.number()
        if client in seen:
            raise Refused("a client stands in it twice")
        seen.add(client)
        for _ in range(amount):
            struct = _read_struct(reading, client, clock, most)
            scanned.structs.append(struct)
            clock += struct.length
            if clock >= _MOST_NUMBER:
                raise Refused("a clock is too high")
    # Whoever comes back sends all that was ever deleted: only the length of the message bounds it.
    for _ in range(reading.count(most.structs)):
        client = reading.number()
        for _ in range(reading.count(_MOST_NUMBER)):
            scanned.deletes.append((client, reading.number(), reading.number()))
    if not reading.done:
        raise Refused("something stands after its end")
    return scanned


def _read_struct(reading: "_Reading", client: int, clock: int, most: _Most) -> Struct:
    info = reading.byte()
    kind = info & 0x1F
    if kind == _GC:
        return Struct(client, clock, _gone(reading, most), is_gone=True)
    if kind in _REFUSED:
        raise Refused(f"it holds {_REFUSED[kind]}")
    origin = (reading.number(), reading.number()) if info & _ORIGIN else None
    right = (reading.number(), reading.number()) if info & _RIGHT_ORIGIN else None
    parent: Id | None = None
    root: str | None = None
    if origin is None and right is None:
        if reading.number() == 1:
            root = reading.text(MOST_KEY)
        else:
            parent = (reading.number(), reading.number())
        if info & _PARENT_KEY:
            reading.text(MOST_KEY)
    length, is_type = _read_content(reading, kind, most)
    return Struct(client, clock, length, origin, right, parent, root, is_type, kind == _DELETED)


def _read_content(reading: "_Reading", kind: int, most: _Most) -> tuple[int, bool]:
    if kind == _STRING:
        length = reading.signs(most.signs)
        if length == 0:
            raise Refused("a text of nothing")
        return length, False
    if kind == _DELETED:
        return _gone(reading, most), False
    if kind == _ANY:
        amount = reading.count(most.values)
        if amount == 0:
            raise Refused("values of nothing")
        for _ in range(amount):
            _read_value(reading)
        return amount, False
    if kind == _TYPE:
        if reading.number() not in _TYPES:
            raise Refused("a type that no board has")
        return 1, True
    if kind == _FORMAT:
        reading.text(MOST_KEY)
        reading.signs(MOST_KEY * 4)
        return 1, False
    raise Refused("content of an unknown kind")


def _gone(reading: "_Reading", most: _Most) -> int:
    length = reading.number()
    if not 0 < length <= most.gone:
        raise Refused("a gap of nothing, or too long")
    return length


def _read_value(reading: "_Reading") -> None:
    """Read one plain value: a number, a text, or lists and objects of them, a few deep."""
    # How many values are still to come on each level; objects have a key before each.
    levels: list[list[int]] = [[1, 0]]
    budget = MOST_VALUES * 10
    while levels:
        level = levels[-1]
        if level[0] == 0:
            levels.pop()
            continue
        level[0] -= 1
        budget -= 1
        if budget < 0:
            raise Refused("a value with too much in it")
        if level[1]:
            reading.text(MOST_KEY)
        kind = reading.byte()
        if kind in (120, 121, 126, 127):
            continue
        if kind == 125:
            reading.signed()
        elif kind == 124:
            reading.skip(4)
        elif kind in (122, 123):
            reading.skip(8)
        elif kind == 119:
            reading.signs(MOST_SIGNS)
        elif kind in (117, 118):
            if len(levels) > MOST_VALUE_DEPTH:
                raise Refused("a value that is too deep")
            levels.append([reading.count(MOST_VALUES), kind == 118])
        else:
            raise Refused("a value of an unknown kind")


class _Reading:
    """A place in the bytes. Every step is bounded; running out is a refusal."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._end = len(content)
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at == self._end

    def byte(self) -> int:
        if self._at >= self._end:
            raise Refused("it ends too early")
        self._at += 1
        return self._content[self._at - 1]

    def number(self) -> int:
        content, end, at = self._content, self._end, self._at
        value = shift = 0
        while True:
            if at >= end:
                raise Refused("it ends too early")
            byte = content[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > 56:
                raise Refused("a number is too long")
        self._at = at
        if value >= _MOST_NUMBER:
            raise Refused("a number is too high")
        return value

    def signed(self) -> None:
        if self.byte() & 0x80:
            self.number()

    def count(self, most: int) -> int:
        """Read how many things follow; each takes a byte at least."""
        amount = self.number()
        if amount > most or amount > self._end - self._at:
            raise Refused("it holds too much")
        return amount

    def skip(self, length: int) -> None:
        if length > self._end - self._at:
            raise Refused("it ends too early")
        self._at += length

    def _block(self, most: int) -> bytes:
        length = self.number()
        if length > most * 4:
            raise Refused("a text is too long")
        self.skip(length)
        return self._content[self._at - length : self._at]

    def text(self, most: int) -> str:
        """Read a text of so many signs at most."""
        try:
            text = self._block(most).decode()
        except UnicodeDecodeError as error:
            raise Refused("a text is not UTF-8") from error
        if len(text) > most:
            raise Refused("a text is too long")
        return text

    def signs(self, most: int) -> int:
        """Read a text; return its length as Yjs counts it, in UTF-16 units."""
        block = self._block(most)
        try:
            length = len(block) if block.isascii() else len(block.decode().encode("utf-16-le")) // 2
        except UnicodeDecodeError as error:
            raise Refused("a text is not UTF-8") from error
        if length > most:
            raise Refused("a text is too long")
        return length

"""Who is here on the other workers of this house: screens that are open, and cursors on boards."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from app.live import wire
from meetings.boards.replica import Address
from meetings.bus import Bus, Note
from meetings.storage.sealing import ContentKey, SealBroken

# A worker that ended without a word is forgotten after this many seconds; the others tell again before that.
_LASTS: Final = 30.0
TELL_AGAIN: Final = 10.0


class Elsewhere:
    """What other workers told of who is here. Without other workers nobody is."""

    def __init__(self, bus: Bus | None) -> None:
        self._bus = bus
        self._screens: dict[str, dict[str, tuple[frozenset[str], float]]] = defaultdict(dict)

    def listen(
        self,
        who_is_here: Callable[[str], None],
        came_or_went: Callable[[str], None],
        presence: Callable[[Address, bytes], None],
    ) -> None:
        """Begin to listen: to the question who is in a meeting, to changes of it, and to cursors (still sealed)."""
        if self._bus is None:
            return

        def hear_here(note: Note) -> None:
            meeting, people = note.about["meeting"], frozenset(note.about["people"])
            before = self.screens(meeting)
            self._screens[meeting][note.worker] = (people, time.monotonic())
            if self.screens(meeting) != before:
                came_or_went(meeting)

        self._bus.listeners |= {
            "who": lambda note: who_is_here(note.about["meeting"]),
            "here": hear_here,
            "presence": lambda note: presence(Address.from_json(note.about), note.sealed),
        }

    def screens(self, meeting: str) -> frozenset[str]:
        """Return who has a screen of a meeting open on another worker."""
        oldest = time.monotonic() - _LASTS
        told = self._screens.get(meeting, {})
        for worker in [worker for worker, (people, at) in told.items() if at < oldest or not people]:
            del told[worker]
        if not told:
            self._screens.pop(meeting, None)
        return frozenset(person for people, _at in told.values() for person in people)

    def ask(self, meeting: str) -> None:
        """Ask who is in a meeting."""
        if self._bus is not None:
            self._bus.tell("who", {"meeting": meeting})

    def tell_screens(self, meeting: str, people: Iterable[str]) -> None:
        """Tell who has a screen of a meeting open here."""
        if self._bus is not None:
            self._bus.tell("here", {"meeting": meeting, "people": sorted(set(people))})

    def tell_presence(self, address: Address, key: ContentKey, entries: list[wire.Presence]) -> None:
        """Tell where somebody's cursor is."""
        if self._bus is not None and entries:
            sealed = key.seal(wire.presence(entries), f"presence/{address.place}")
            self._bus.tell("presence", address.as_json(), sealed)


def open_presence(address: Address, key: ContentKey, sealed: bytes) -> list[wire.Presence]:
    """Return the cursors that another worker told. What does not open is nobody's."""
    try:
        message = wire.Reader(key.open(sealed, f"presence/{address.place}"))
    except SealBroken:
        return []
    message.number()
    return wire.read_presence(message.block())

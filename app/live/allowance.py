"""How much one connection may send, and how many connections there may be (security.md AU-23)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# A burst is what a person does at once: paste, undo, come back from a dead corner of the building.
_BURST_OF_MESSAGES: Final = 4
_BURST_OF_BYTES: Final = 8


@dataclass(frozen=True)
class Limits:
    """As much as anybody types, with room for a burst; and as many places as a full meeting takes."""

    messages_a_second: int = 30
    bytes_a_second: int = 64 * 1024
    places_for_a_participant: int = 4
    places_on_a_board: int = 40
    places_for_an_address: int = 200

    def allowance(self, clock: Callable[[], float] = time.monotonic) -> "Allowance":
        """Return what a new connection may send."""
        return Allowance(self.messages_a_second, self.bytes_a_second, clock)


class Allowance:
    """What is left to spend; it fills up again with time."""

    def __init__(self, messages_a_second: int, bytes_a_second: int, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._messages_a_second, self._bytes_a_second = messages_a_second, bytes_a_second
        self._most_messages = float(messages_a_second * _BURST_OF_MESSAGES)
        self._most_bytes = float(bytes_a_second * _BURST_OF_BYTES)
        self._messages, self._bytes = self._most_messages, self._most_bytes
        self._at = clock()

    def spend(self, size: int) -> bool:
        """Take up one message of so many bytes. False: it is more than may be sent now."""
        now = self._clock()
        passed, self._at = now - self._at, now
        self._messages = min(self._most_messages, self._messages + passed * self._messages_a_second) - 1
        self._bytes = min(self._most_bytes, self._bytes + passed * self._bytes_a_second) - size
        return self._messages >= 0 and self._bytes >= 0

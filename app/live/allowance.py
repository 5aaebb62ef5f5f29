"""How much one connection may send: as much as anybody types, with room for a burst (security.md AU-23)."""

import time
from collections.abc import Callable
from typing import Final

MESSAGES_A_SECOND: Final = 30
MOST_MESSAGES_AT_ONCE: Final = 120
BYTES_A_SECOND: Final = 64 * 1024
MOST_BYTES_AT_ONCE: Final = 512 * 1024


class Allowance:
    """What is left to spend; it fills up again with time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._messages = float(MOST_MESSAGES_AT_ONCE)
        self._bytes = float(MOST_BYTES_AT_ONCE)
        self._at = clock()

    def spend(self, size: int) -> bool:
        """Take up one message of so many bytes. False: it is more than may be sent now."""
        now = self._clock()
        passed, self._at = now - self._at, now
        self._messages = min(MOST_MESSAGES_AT_ONCE, self._messages + passed * MESSAGES_A_SECOND) - 1
        self._bytes = min(MOST_BYTES_AT_ONCE, self._bytes + passed * BYTES_A_SECOND) - size
        return self._messages >= 0 and self._bytes >= 0

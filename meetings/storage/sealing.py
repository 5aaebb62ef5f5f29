"""Seals personal content: one key per meeting, so that deleting the key deletes the meeting (DESIGN.md §8).

A sealed field is bound to its place (table, row), so that it cannot be moved to another row unnoticed.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_KEY_BYTES = 32


class SealBroken(Exception):
    """A sealed field does not open: the wrong key, another place, or changed bytes."""


@dataclass(frozen=True)
class ContentKey:
    """The key of one meeting. AES-256-GCM; the place is authenticated along with the content."""

    secret: bytes

    @cached_property
    def _cipher(self) -> AESGCM:
        # To make it takes as long as to seal an edit.
        return AESGCM(self.secret)

    def seal(self, content: bytes, place: str) -> bytes:
        """Return nonce and ciphertext of `content`, bound to `place` (for instance "participant/ab12")."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed at `place`. Raises SealBroken."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(place) from error

    def seal_values(self, values: dict[str, Any], place: str) -> bytes:
        """Seal a JSON object."""
        return self.seal(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), place)

    def open_values(self, sealed: bytes, place: str) -> dict[str, Any]:
        """Open a sealed JSON object. Raises SealBroken."""
        values: dict[str, Any] = json.loads(self.open(sealed, place))
        return values


class KeyRing:
    """The installation's master key, which wraps the key of each meeting."""

    def __init__(self, master: bytes) -> None:
        if len(master) != _KEY_BYTES:
            raise ValueError(f"A master key has {_KEY_BYTES} bytes; this one has {len(master)}.")
        self._master = ContentKey(master)
        self._unwrap = lru_cache(maxsize=4096)(self._unwrap_once)

    @classmethod
    def from_file(cls, path: Path) -> "KeyRing":
        """Read the master key from `path`; make it there, readable by this user only, when there is none.

        Of several processes that begin at once, one makes it, and none ever reads half of it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with NamedTemporaryFile(dir=path.parent, prefix=path.name) as file:
                file.write(os.urandom(_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
                with suppress(FileExistsError):
                    os.link(file.name, path)
        return cls(path.read_bytes())

    def new_wrapped_key(self, meeting: str) -> bytes:
        """Make the key of a new meeting and return it wrapped."""
        return self._master.seal(os.urandom(_KEY_BYTES), f"meeting_key/{meeting}")

    def unwrap(self, meeting: str, wrapped: bytes) -> ContentKey:
        """Return the key of `meeting`. Raises SealBroken when the master key is another one."""
        return self._unwrap(meeting, wrapped)

    def _unwrap_once(self, meeting: str, wrapped: bytes) -> ContentKey:
        return ContentKey(self._master.open(wrapped, f"meeting_key/{meeting}"))

"""How the domain says no: a code that the world turns into a sentence, and what is missing."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Refusal(Exception):
    """A command that was not carried out; nothing was changed.

    `code` names the reason (one sentence per code in the texts "refusals"), `values` fill that sentence,
    `missing` lists what a move still needs.
    """

    code: str
    values: dict[str, str] = field(default_factory=dict)
    missing: list[Any] = field(default_factory=list)

    def __str__(self) -> str:
        return self.code


class NotYours(Refusal):
    """The person may not do this in this phase."""

    def __init__(self, code: str = "not_yours") -> None:
        super().__init__(code)


class NotFound(Refusal):
    """What was asked for is not there, or is not this person's to know of."""

    def __init__(self, code: str = "not_found") -> None:
        super().__init__(code)


class StorageTrouble(Refusal):
    """Nothing can be stored at this moment, such as on a full disk. Nothing is lost; it may be tried again."""

    def __init__(self) -> None:
        super().__init__("storage_trouble")

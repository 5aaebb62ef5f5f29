"""A mistake in a protocol, as everything that proves something of one tells it: where, what, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One mistake: where in the file, what is wrong, and what to do."""

    path: tuple[str, ...]
    problem: str
    remedy: str

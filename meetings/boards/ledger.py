"""What a board's log holds, as far as the next update must be judged by it (security.md AU-30, AU-31).

How far each client of the document came, whose client it is, and where each struct hangs. A client id belongs to the
first participant who writes with it. Kept beside the document, from the same updates, in the same order.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from meetings.boards.scanner import Id, Refused, Scanned, Struct

MOST_NESTED: Final = 6
MOST_CLIENTS: Final = 2_000
MOST_CLIENTS_OF_ONE: Final = 200
# As many as a device can have written with while it was away.
MOST_NEW_CLIENTS: Final = 50

_PLAIN, _TYPE, _GONE = 0, 1, 2


class Full(Exception):
    """The board holds as much as a board may hold (security.md AU-36); taking something away still works."""


class Lacking(Exception):
    """This update hangs on others that are not here yet: whoever sent it should first send those."""


@dataclass
class Hung:
    """Structs that are new to a board, hung where they belong: how far each client comes, and its runs of one kind."""

    reached: dict[int, int] = field(default_factory=dict)
    runs: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)


def nobody(_client: int) -> None:
    """Tell that nobody is here with a client id."""


class Ledger:
    """Who wrote how much of one board, and how deep it hangs."""

    def __init__(self, roots: frozenset[str]) -> None:
        self.roots = roots
        self.clocks: dict[int, int] = {}
        self._owners: dict[int, str | None] = {}
        # Per client: where each run of structs of one depth and kind begins, and which.
        self._starts: dict[int, list[int]] = {}
        self._runs: dict[int, list[tuple[int, int]]] = {}

    def owner(self, client: int) -> str | None:
        """Return the participant who writes with a client id; None when it is nobody's, or the house's."""
        return self._owners.get(client)

    @property
    def owners(self) -> dict[int, str | None]:
        """Whose each client id is; None: the house's."""
        return dict(self._owners)

    def judge(self, scanned: Scanned, participant: str, holder: Callable[[int], str | None] = nobody) -> Hung:
        """Let pass what this participant may write; return it for `take_up`, once it was applied.

        `holder` tells who is here with a client id that nobody wrote with yet: it is theirs, too.
        What the board already holds is no offence, whoever wrote it. Raises Refused, Lacking when something before it
        is missing, and Full when it or this participant wrote from more pages than a board keeps apart.
        """
        new = self._new_in(scanned)
        fresh = {struct.client for struct in new} - self.clocks.keys()
        if fresh:
            self._count_clients(fresh, participant)
            if any(holder(client) not in (None, participant) for client in fresh):
                raise Refused("it writes with another's client id")
        for struct in new:
            if self._owners.get(struct.client, participant) != participant:
                raise Refused("it writes with another's client id")
            if struct.root is not None and struct.root not in self.roots:
                raise Refused("a root that this board does not have")
        hung = self._hang(new, scanned, deepest=MOST_NESTED)
        if any(length == 0 for _client, _clock, length in scanned.deletes):
            raise Refused("it deletes nothing")
        return hung

    def _count_clients(self, fresh: set[int], participant: str) -> None:
        # Each is looked at again and again until all hangs: before, and not after.
        if len(fresh) > MOST_NEW_CLIENTS:
            raise Refused("too many client ids at once")
        own = sum(owner == participant for owner in self._owners.values())
        if len(self.clocks) + len(fresh) > MOST_CLIENTS or own + len(fresh) > MOST_CLIENTS_OF_ONE:
            raise Full

    def expect(self, scanned: Scanned) -> Hung:
        """Return what the log holds for `take_up`. Raises Lacking when something before it is missing."""
        return self._hang(self._new_in(scanned), scanned, deepest=None)

    def take_up(self, hung: Hung, participant: str | None) -> None:
        """Take up what was applied. None: the house wrote it, or it is unknown who did."""
        self.clocks.update(hung.reached)
        for client, runs in hung.runs.items():
            self._owners.setdefault(client, participant)
            starts, known = self._starts.setdefault(client, []), self._runs.setdefault(client, [])
            for start, depth, kind in runs:
                if not known or known[-1] != (depth, kind):
                    starts.append(start)
                    known.append((depth, kind))

    def _new_in(self, scanned: Scanned) -> list[Struct]:
        return [
            struct for struct in scanned.structs if struct.clock + struct.length > self.clocks.get(struct.client, 0)
        ]

    def give_owners(self, owners: dict[int, str | None]) -> None:
        """Take up whose client ids those of a snapshot are."""
        self._owners.update(owners)

    def _hang(self, new: list[Struct], scanned: Scanned, *, deepest: int | None) -> Hung:
        """Hang each struct where it belongs, when all it hangs on is there."""
        clocks, hung = self.clocks, Hung()
        reached = hung.reached
        for struct in new:
            if struct.clock > reached.get(struct.client, clocks.get(struct.client, 0)):
                raise Lacking
            reached[struct.client] = struct.clock + struct.length
        for client, clock, length in scanned.deletes:
            if clock + length > reached.get(client, clocks.get(client, 0)):
                raise Lacking
        reached.clear()
        queues: dict[int, list[Struct]] = {}
        for struct in reversed(new):
            queues.setdefault(struct.client, []).append(struct)
        while queues:
            went_on = False
            for client in list(queues):
                queue = queues[client]
                while queue and all(clock < reached.get(of, clocks.get(of, 0)) for of, clock in _hangs_on(queue[-1])):
                    struct = queue.pop()
                    depth = self._depth(struct, hung.runs)
                    kind = _TYPE if struct.is_type else _GONE if struct.is_gone else _PLAIN
                    if deepest is not None and depth > deepest:
                        raise Refused("it is nested too deep")
                    start = max(struct.clock, reached.get(client, clocks.get(client, 0)))
                    hung.runs.setdefault(client, []).append((start, depth, kind))
                    reached[client] = struct.clock + struct.length
                    went_on = True
                if not queue:
                    del queues[client]
            if not went_on:
                # Either what it hangs on is nowhere, or it hangs on itself.
                raise Lacking
        return hung

    def _depth(self, struct: Struct, fresh: dict[int, list[tuple[int, int, int]]]) -> int:
        beside = struct.origin or struct.right_origin
        if beside is not None:
            return self._find(beside, fresh)[0]
        if struct.parent is None:
            return 0
        depth, kind = self._find(struct.parent, fresh)
        if kind == _PLAIN:
            raise Refused("it hangs in something that holds nothing")
        return depth + 1

    def _find(self, id_: Id, fresh: dict[int, list[tuple[int, int, int]]]) -> tuple[int, int]:
        client, clock = id_
        if clock >= self.clocks.get(client, 0):
            runs = fresh[client]
            at = bisect_right(runs, (clock, MOST_NESTED + 9, 9)) - 1
            return runs[at][1], runs[at][2]
        return self._runs[client][bisect_right(self._starts[client], clock) - 1]


def _hangs_on(struct: Struct) -> Iterable[Id]:
    return (id_ for id_ in (struct.origin, struct.right_origin, struct.parent) if id_ is not None)

"""Who is on a board and where their cursor is. Name and side are stamped by the server: nobody can pose as another."""

from collections.abc import Callable, Collection
from typing import Any, Final

from app.live import wire
from app.live.member import Member
from meetings.record import Participant

_MOST_BYTES: Final = 1024
_MOST_FIELD: Final = 64


class Presences:
    """The presences of one board; `tell` sends a message to everybody here but one."""

    def __init__(self, tell: Callable[[bytes, Member | None], None]) -> None:
        self._tell = tell
        self._here: dict[Member, wire.Presence] = {}

    def all(self) -> list[wire.Presence]:
        """Return everybody's presence."""
        return list(self._here.values())

    def take(self, member: Member, content: bytes, person: Participant, members: Collection[Member]) -> None:
        """Take what somebody says of themself. Raises wire.Garbled."""
        if len(content) > _MOST_BYTES * max(1, len(members)):
            raise wire.Garbled
        for entry in wire.read_presence(content):
            if member.client is None and all(other.client != entry.client for other in members):
                member.client = entry.client
            # Stock clients send back what they heard of others; only their own word about themselves counts.
            if entry.client == member.client:
                said = wire.Presence(entry.client, entry.clock, _stamped(entry.state, person))
                if said.state is None:
                    self._here.pop(member, None)
                else:
                    self._here[member] = said
                self._tell(wire.presence([said]), member)

    def leave(self, member: Member) -> None:
        """Tell the others that somebody went."""
        presence = self._here.pop(member, None)
        if presence is not None:
            self._tell(wire.presence([wire.Presence(presence.client, presence.clock + 1, None)]), member)


def _stamped(said: dict[str, Any] | None, person: Participant) -> dict[str, Any] | None:
    if said is None:
        return None
    where = {
        name: value if isinstance(value, str) and len(value) <= _MOST_FIELD else None
        for name, value in ((name, said.get(name)) for name in ("row", "field"))
    }
    return {"participant": person.id, "name": person.name, "side": person.side, **where}

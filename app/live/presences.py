"""Who is on a board and where their cursor is. Name and side are stamped by the server: nobody can pose as another."""

import time
from collections.abc import Callable, Collection
from typing import Any, Final

from app.live import wire
from app.live.member import Member
from meetings.record import Participant

_MOST_BYTES: Final = 1024
_MOST_FIELD: Final = 64
_LASTS: Final = 30.0


class Presences:
    """The presences of one board: `show` sends a message to everybody here but one, `tell` to the other workers."""

    def __init__(
        self,
        show: Callable[[bytes, Member | None], None],
        tell: Callable[[list[wire.Presence]], None],
        owner: Callable[[int], str | None],
    ) -> None:
        self._show = show
        self._tell = tell
        # Who wrote with a client id.
        self._owner = owner
        # Who is here with which client id, whether they said where they are or not.
        self._holders: dict[int, Member] = {}
        self._here: dict[Member, wire.Presence] = {}
        # By client, with when it was last heard: a worker that ended says nothing of who left with it.
        self._elsewhere: dict[int, tuple[wire.Presence, float]] = {}

    def all(self) -> list[wire.Presence]:
        """Return everybody's presence."""
        oldest = time.monotonic() - _LASTS
        self._elsewhere = {client: told for client, told in self._elsewhere.items() if told[1] > oldest}
        return [*self._here.values(), *(presence for presence, _at in self._elsewhere.values())]

    def tell_all(self) -> None:
        """Tell the other workers who is here."""
        self._tell(list(self._here.values()))

    def hear(self, entries: list[wire.Presence]) -> None:
        """Take what another worker told."""
        for entry in entries:
            if entry.state is None:
                self._elsewhere.pop(entry.client, None)
            else:
                self._elsewhere[entry.client] = (entry, time.monotonic())
        self._show(wire.presence(entries), None)

    def holder(self, client: int) -> str | None:
        """Return who is here with a client id, on whichever worker."""
        here = self._holders.get(client)
        if here is not None:
            return here.participant
        elsewhere = self._elsewhere.get(client)
        return None if elsewhere is None or elsewhere[0].state is None else elsewhere[0].state["participant"]

    def take(self, member: Member, content: bytes, person: Participant, members: Collection[Member]) -> None:
        """Take what somebody says of themself: the last word in a message. Raises wire.Garbled."""
        if len(content) > _MOST_BYTES * max(1, len(members)):
            raise wire.Garbled
        entries = wire.read_presence(content)
        if member.client is None:
            self._give_client(member, entries)
        # Stock clients send back what they heard of others; only their own word about themselves counts.
        own = [entry for entry in entries if entry.client == member.client]
        if own:
            said = wire.Presence(own[-1].client, own[-1].clock, _stamped(own[-1].state, person))
            if said.state is None:
                self._here.pop(member, None)
            else:
                self._here[member] = said
            self._show(wire.presence([said]), member)
            self._tell([said])

    def _give_client(self, member: Member, entries: list[wire.Presence]) -> None:
        for client in (entry.client for entry in entries):
            if (self.holder(client) or self._owner(client) or member.participant) == member.participant:
                if client not in self._holders:
                    member.client = client
                    self._holders[client] = member
                return

    def leave(self, member: Member) -> None:
        """Tell the others that somebody went."""
        if member.client is not None:
            self._holders.pop(member.client, None)
        presence = self._here.pop(member, None)
        if presence is not None:
            gone = [wire.Presence(presence.client, presence.clock + 1, None)]
            self._show(wire.presence(gone), member)
            self._tell(gone)


def _stamped(said: dict[str, Any] | None, person: Participant) -> dict[str, Any] | None:
    if said is None:
        return None
    where = {
        name: value if isinstance(value, str) and len(value) <= _MOST_FIELD else None
        for name, value in ((name, said.get(name)) for name in ("row", "field"))
    }
    return {"participant": person.id, "name": person.name, "side": person.side, **where}

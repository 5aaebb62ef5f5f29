"""Everybody who is connected, by meeting: tells screens to look again, and closes doors the moment they close."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

import structlog

from app.live import connection as closing
from app.live.allowance import Limits
from app.live.connection import Connection
from app.live.elsewhere import TELL_AGAIN, Elsewhere
from app.live.room import Room
from meetings.boards.replica import Address, Replica
from meetings.consent import is_welcome
from meetings.door import is_outside
from meetings.entrance import OpenVisit
from meetings.house import House, read_boards_again
from meetings.record import Participant, Record
from meetings.refusals import NotFound
from meetings.storage.database import TROUBLE

_log: Final = structlog.get_logger("rondom")

BOARD_PAUSE: Final = 0.5
LOOK_EVERY: Final = 30.0
_LOOK_AGAIN_AFTER: Final = 1.0
_PAUSES_END_EVERY: Final = 0.05


class Hub:
    """The open websockets of this process."""

    def __init__(
        self,
        house: House,
        visits: Callable[[Collection[str]], Awaitable[dict[str, OpenVisit]]],
        outside_view: Callable[[Record, Participant, frozenset[str]], Any],
        plan_views: Callable[[Record], dict[str, Any]],
        limits: Limits,
    ) -> None:
        self.limits = limits
        self._house = house
        self._visits = visits
        self._outside_view = outside_view
        self._plan_views = plan_views
        self._screens: dict[str, set[Connection]] = defaultdict(set)
        self._rooms: dict[Address, Room] = {}
        self._told: dict[Connection, Any] = {}
        self._rechecks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._pauses: dict[str, asyncio.TimerHandle] = {}
        self._nudges: set[asyncio.Task[None]] = set()
        self._at_address: Counter[str] = Counter()
        self._elsewhere = Elsewhere(house.others.bus if house.others is not None else None)
        self._rounds: list[asyncio.Task[None]] = []
        house.listeners.append(self.changed)
        house.boards.writer.when_trouble.append(self._storage_is)

    def here(self, meeting: str) -> frozenset[str]:
        """Return who has a screen open in a meeting, on whichever worker."""
        return self._here(meeting) | self._elsewhere.screens(meeting)

    def _here(self, meeting: str) -> frozenset[str]:
        return frozenset(screen.participant for screen in self._screens.get(meeting, ()))

    def open(self) -> None:
        """Begin to hear and tell who is on which worker."""
        self._elsewhere.listen(self._say_who_is_here, self.changed, self._hear_presence)
        self._rounds = [asyncio.create_task(self._look_forever(), name="look who may be here")]
        if self._house.others is not None:
            self._rounds.append(asyncio.create_task(self._tell_forever(), name="tell who is here"))

    async def _tell_forever(self) -> None:
        while True:
            await asyncio.sleep(TELL_AGAIN)
            for meeting in tuple(self._screens):
                self._elsewhere.tell_screens(meeting, self._here(meeting))

    async def _look_forever(self) -> None:
        """Close what nobody told us to close, such as the doors of a visit that became too old (security.md AU-21)."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for meeting in {*self._screens, *(address.meeting for address in self._rooms)}:
                try:
                    record = await self._house.standing(meeting)
                    self._close_rooms(record)
                    await self._end_visits(record)
                except NotFound:
                    self._end(meeting)
                except Exception as error:
                    # The next round looks again.
                    _log.error("not looked who may be here", kind=type(error).__name__)

    def _say_who_is_here(self, meeting: str) -> None:
        if meeting in self._screens:
            self._elsewhere.tell_screens(meeting, self._here(meeting))
        for room in self._rooms_of(meeting):
            room.presences.tell_all()

    def _hear_presence(self, address: Address, sealed: bytes) -> None:
        room = self._rooms.get(address)
        if room is not None:
            room.hear_presence(sealed)

    def _rooms_of(self, meeting: str) -> list[Room]:
        return [room for address, room in self._rooms.items() if address.meeting == meeting]

    def add_screen(self, meeting: str, screen: Connection) -> None:
        """A screen opened: it looks now, and the others see who came."""
        if meeting not in self._screens:
            self._elsewhere.ask(meeting)
        self._screens[meeting].add(screen)
        self._elsewhere.tell_screens(meeting, self._here(meeting))
        self.changed(meeting)

    def remove_screen(self, meeting: str, screen: Connection) -> None:
        """A screen closed."""
        self._screens[meeting].discard(screen)
        self._told.pop(screen, None)
        if not self._screens[meeting]:
            del self._screens[meeting]
        self._elsewhere.tell_screens(meeting, self._here(meeting))
        self.changed(meeting)

    async def replica(self, record: Record, board: str) -> Replica:
        """Return this worker's copy of a board, as new as whoever joins may know it."""
        replica = await self._house.board(record, board)
        if self._house.others is not None:
            await self._house.others.catch_up(replica)
        return replica

    def room(self, replica: Replica) -> Room:
        """Return the room of a board, opened when nobody was in it."""
        room = self._rooms.get(replica.address)
        if room is None or room.broken:
            meeting = replica.address.meeting
            room = Room(self._house, replica, self._elsewhere, lambda: self._changed_soon(meeting), self._close_room)
            self._rooms[replica.address] = room
            self._elsewhere.ask(meeting)
        return room

    def lets_in(self, connection: Connection, meeting: str, room: Room | None = None) -> bool:
        """Tell whether there is a place for one more, in a room or to hear events, and take it. Closed when not."""
        beside: Collection[Connection] = self._screens.get(meeting, ()) if room is None else room.members
        own = sum(other.participant == connection.participant for other in beside)
        if own >= self.limits.places_for_a_participant:
            connection.close(closing.OPEN_TOO_OFTEN)
        elif room is not None and len(beside) >= self.limits.places_on_a_board:
            connection.close(closing.BOARD_CROWDED)
        elif self._at_address[connection.address] >= self.limits.places_for_an_address:
            connection.close(closing.HOUSE_CROWDED)
        else:
            self._at_address[connection.address] += 1
        if connection.closed_with is not None and room is not None and room.idle:
            self._close_room(room)
        return connection.closed_with is None

    def let_out(self, connection: Connection) -> None:
        """Give back the place of somebody who was let in."""
        connection.close(closing.LEFT)
        self._at_address[connection.address] -= 1
        if not self._at_address[connection.address]:
            del self._at_address[connection.address]

    def changed(self, meeting: str) -> None:
        """Look again who may be connected, and tell the screens. Many calls at once become one look."""
        if meeting in self._rechecks:
            self._again.add(meeting)
        else:
            self._rechecks[meeting] = asyncio.create_task(self._recheck(meeting))

    async def close(self) -> None:
        """Ask everybody to come back in a moment: the house is closing."""
        for pause in self._pauses.values():
            pause.cancel()
        for task in self._rounds:
            task.cancel()
        for meeting in self._screens:
            self._elsewhere.tell_screens(meeting, ())
        members = [member for room in self._rooms.values() for member in room.members]
        for one in [*members, *(screen for screens in self._screens.values() for screen in screens)]:
            one.close(closing.TRY_AGAIN)
        for task in (*self._rechecks.values(), *self._nudges):
            task.cancel()

    def _close_room(self, room: Room) -> None:
        room.close()
        if self._rooms.get(room.address) is room:
            del self._rooms[room.address]

    def _storage_is(self, in_trouble: bool) -> None:
        for room in tuple(self._rooms.values()):
            room.storage_is(in_trouble=in_trouble)

    def _changed_soon(self, meeting: str) -> None:
        # While people type, the answers under their agreements are looked at a few times a second, not at each key.
        if meeting not in self._pauses:
            loop = asyncio.get_running_loop()
            # In a busy house the pauses of many meetings end together: waking up for each costs more than the look.
            pause = BOARD_PAUSE - loop.time() % _PAUSES_END_EVERY
            self._pauses[meeting] = loop.call_later(pause, self._end_pause, meeting)

    def _end_pause(self, meeting: str) -> None:
        self._pauses.pop(meeting, None)
        task = asyncio.ensure_future(self._after_writing(meeting))
        self._nudges.add(task)
        task.add_done_callback(self._nudges.discard)

    async def _after_writing(self, meeting: str) -> None:
        try:
            await self._nudge(meeting)
            await self._house.after_writing(meeting)
        except Exception as error:
            # The next edit brings us here again; nothing that was written hangs on it.
            _log.error("after writing", kind=type(error).__name__)

    async def _nudge(self, meeting: str) -> None:
        """Tell the screens for which the plan means something else now. It changes nobody's rights.

        Most of what is typed does not: to look again costs a screen a hundred times what an edit costs.
        """
        if meeting not in self._screens:
            return
        record = await self._house.standing(meeting)
        read_boards_again(record)
        views = self._plan_views(record)
        for screen in tuple(self._screens.get(meeting, ())):
            person = record.people.get(screen.participant)
            # To outsiders of private time even "something changed" would tell.
            if person is None or not is_welcome(person, record) or is_outside(person, record):
                continue
            if self._told.get(screen) != views[person.id]:
                self._told[screen] = views[person.id]
                screen.send(_changed_message(record))

    async def _recheck(self, meeting: str) -> None:
        try:
            while True:
                self._again.discard(meeting)
                try:
                    record = await self._house.standing(meeting)
                except NotFound:
                    self._end(meeting)
                    return
                self._close_rooms(record)
                await self._end_visits(record)
                for screen in tuple(self._screens.get(meeting, ())):
                    self._tell(screen, record)
                if meeting not in self._again:
                    return
        except TROUBLE as error:
            _log.error("not looked again who may be here", kind=type(error).__name__)
            self._again.add(meeting)
        finally:
            self._rechecks.pop(meeting, None)
            if meeting in self._again:
                asyncio.get_running_loop().call_later(_LOOK_AGAIN_AFTER, self.changed, meeting)

    def _end(self, meeting: str) -> None:
        """The meeting is no more: everybody is out."""
        members = [member for room in self._rooms_of(meeting) for member in room.members]
        for one in (*members, *self._screens.get(meeting, ())):
            one.close(closing.NOT_SIGNED_IN)

    def _close_rooms(self, record: Record) -> None:
        for room in self._rooms_of(record.id):
            room.recheck(record)

    async def _end_visits(self, record: Record) -> None:
        """Close the doors of everybody whose way in was closed."""
        members = (member for room in self._rooms_of(record.id) for member in room.members)
        there: list[Connection] = [*members, *self._screens.get(record.id, ())]
        visits = await self._visits({one.token for one in there})
        for one in there:
            person = record.people.get(one.participant)
            visit = visits.get(one.token)
            if person is not None and (visit is None or visit.holder not in (person.id, person.row.account_id)):
                one.close(closing.NOT_SIGNED_IN)

    def _tell(self, screen: Connection, record: Record) -> None:
        person = record.people.get(screen.participant)
        if person is None or not is_welcome(person, record):
            screen.close(closing.NOT_SIGNED_IN)
            return
        if is_outside(person, record):
            # To outsiders of private time even "something changed" would tell: they hear only of what they may see.
            seen = self._outside_view(record, person, self.here(record.id))
            if self._told.get(screen) == seen:
                return
            self._told[screen] = seen
        else:
            self._told.pop(screen, None)
        screen.send(_changed_message(record))


def _changed_message(record: Record) -> str:
    return json.dumps({"type": "changed", "version": record.version, "phase": record.phase})

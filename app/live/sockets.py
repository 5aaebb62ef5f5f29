"""The websocket routes: a board, and the events that tell a screen to look again."""

from contextlib import suppress
from functools import partial

from fastapi import APIRouter, WebSocket
from uvicorn.protocols.utils import ClientDisconnected

from app.errors import NotSignedIn
from app.live import connection as closing
from app.live.allowance import Allowance
from app.live.connection import Connection
from app.live.hub import Hub
from app.live.member import Member
from app.live.room import Room
from app.visits import Doorkeeper
from meetings.door import board_right
from meetings.refusals import NotFound
from meetings.storage.database import TROUBLE

router = APIRouter()


@router.websocket("/ws/m/{participant}/boards/{board}")
async def open_board(socket: WebSocket, participant: str, board: str) -> None:
    """Open a board on the y-websocket wire. Refused with HTTP 403 before it opens, 4403 when access ends."""
    with suppress(ClientDisconnected):
        await _serve_board(socket, participant, board)


async def _serve_board(socket: WebSocket, participant: str, board: str) -> None:
    keeper: Doorkeeper = socket.app.state.doorkeeper
    hub: Hub = socket.app.state.hub
    try:
        record, person, visit = await keeper.admit(socket.cookies, participant)
    except (NotSignedIn, *TROUBLE):
        await socket.close()
        return
    if not _from_us(socket, keeper) or board not in record.boards or board_right(person, board, record) is None:
        await socket.close()
        return
    await socket.accept()
    try:
        replica = await hub.replica(record, board)
        # While the board was loading the meeting may have moved, and this way in been closed.
        record, is_visitor = await keeper.look_again(record.id, participant, visit.token)
    except TROUBLE:
        await socket.close(closing.TRY_AGAIN)
        return
    except NotFound:
        # It was erased meanwhile.
        await socket.close(closing.NOT_SIGNED_IN)
        return
    # From here to joining nothing waits.
    if not is_visitor:
        await socket.close(closing.NOT_SIGNED_IN)
        return
    if board_right(record.people[participant], board, record) is None:
        await socket.close(closing.NO_ACCESS)
        return
    epoch = record.boards[board].epoch
    if replica.address.epoch != epoch or socket.query_params.get("epoch", str(epoch)) != str(epoch):
        await socket.close(closing.OTHER_EPOCH)
        return
    if not keeper.house.boards.holds(replica):
        # It could not be stored and was given up meanwhile: what the log holds is loaded for who comes again.
        await socket.close(closing.TRY_AGAIN)
        return
    room = hub.room(replica)
    member = Member(socket, participant, visit.token, hub.limits.allowance())
    if not hub.lets_in(member, record.id, room):
        return
    room.join(member)
    member.below.take_over(partial(room.take, member), partial(_leave_board, hub, room, member), member.catch_up)


@router.websocket("/ws/m/{participant}/events")
async def open_events(socket: WebSocket, participant: str) -> None:
    """Tell a screen when to look again. Closed with 4401 when the person's way in was closed."""
    with suppress(ClientDisconnected):
        await _serve_events(socket, participant)


async def _serve_events(socket: WebSocket, participant: str) -> None:
    keeper: Doorkeeper = socket.app.state.doorkeeper
    hub: Hub = socket.app.state.hub
    try:
        record, _person, visit = await keeper.admit(socket.cookies, participant)
    except TROUBLE:
        await socket.close()
        return
    except NotSignedIn:
        if _from_us(socket, keeper):
            # Accepted first: a browser is told the code only of a socket that was open.
            await socket.accept()
            await socket.close(closing.NOT_SIGNED_IN)
        else:
            await socket.close()
        return
    if not _from_us(socket, keeper):
        await socket.close()
        return
    await socket.accept()
    screen = Connection(socket, participant, visit.token)
    if not hub.lets_in(screen, record.id):
        return
    hub.add_screen(record.id, screen)
    hear = partial(_hear_screen, screen, hub.limits.allowance())
    screen.below.take_over(hear, partial(_leave_events, hub, record.id, screen))


def _leave_board(hub: Hub, room: Room, member: Member) -> None:
    hub.let_out(member)
    room.leave(member)


def _leave_events(hub: Hub, meeting: str, screen: Connection) -> None:
    hub.let_out(screen)
    hub.remove_screen(meeting, screen)


def _hear_screen(screen: Connection, allowance: Allowance, message: bytes, is_text: bool) -> None:
    """A screen listens there and has nothing to say."""
    if not is_text:
        screen.close(closing.GARBLED)
    elif not allowance.spend(len(message)):
        screen.close(closing.TOO_MUCH)


def _from_us(socket: WebSocket, keeper: Doorkeeper) -> bool:
    origin = socket.headers.get("origin")
    return origin is None or origin in keeper.settings.origins

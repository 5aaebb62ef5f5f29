"""The websocket routes: a board, and the events that tell a screen to look again."""

import asyncio
from typing import Final

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from app.errors import NotSignedIn
from app.live import connection as closing
from app.live import wire
from app.live.allowance import Allowance
from app.live.connection import Connection
from app.live.hub import Hub
from app.live.room import Member, Room
from app.visits import Doorkeeper
from meetings.door import board_right

router = APIRouter()

MOST_MESSAGE_BYTES: Final = 256 * 1024 + 64


@router.websocket("/ws/m/{participant}/boards/{board}")
async def open_board(socket: WebSocket, participant: str, board: str) -> None:
    """Open a board on the y-websocket wire. Refused with HTTP 403 before it opens, 4403 when access ends."""
    keeper: Doorkeeper = socket.app.state.doorkeeper
    hub: Hub = socket.app.state.hub
    try:
        record, person, token = await keeper.admit(socket.cookies, participant)
    except NotSignedIn:
        await socket.close()
        return
    if not _from_us(socket, keeper) or board not in record.boards or board_right(person, board, record) is None:
        await socket.close()
        return
    await socket.accept()
    await keeper.house.board(record, board)
    # The meeting may have moved while the board was loading; from here to joining nothing waits.
    record = await keeper.house.standing(record.id)
    if participant not in record.people or board_right(record.people[participant], board, record) is None:
        await socket.close(closing.NO_ACCESS)
        return
    epoch = socket.query_params.get("epoch")
    if epoch is not None and epoch != str(record.boards[board].epoch):
        await socket.close(closing.OTHER_EPOCH)
        return
    member = Member(socket, participant, token)
    room = await hub.room(record, board)
    room.join(member)
    writing = asyncio.create_task(member.write())
    try:
        await _read_board(socket, member, room)
    finally:
        hub.leave_room(room, member)
        await _end(member, writing)


@router.websocket("/ws/m/{participant}/events")
async def open_events(socket: WebSocket, participant: str) -> None:
    """Tell a screen when to look again. Closed with 4401 when the person's way in was closed."""
    keeper: Doorkeeper = socket.app.state.doorkeeper
    hub: Hub = socket.app.state.hub
    try:
        record, _person, token = await keeper.admit(socket.cookies, participant)
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
    screen = Connection(socket, participant, token)
    hub.add_screen(record.id, screen)
    writing = asyncio.create_task(screen.write())
    try:
        # A screen listens here and has nothing to say.
        allowance = Allowance()
        while screen.closed_with is None:
            if not allowance.spend(len(await socket.receive_text())):
                screen.close(closing.TOO_MUCH)
    except (WebSocketDisconnect, KeyError, RuntimeError):
        pass
    finally:
        hub.remove_screen(record.id, screen)
        await _end(screen, writing)


async def _read_board(socket: WebSocket, member: Member, room: Room) -> None:
    allowance = Allowance()
    try:
        while member.closed_with is None:
            message = await socket.receive_bytes()
            if len(message) > MOST_MESSAGE_BYTES:
                member.close(closing.TOO_BIG)
            elif not allowance.spend(len(message)):
                member.close(closing.TOO_MUCH)
            else:
                await room.receive(member, message)
    except wire.Garbled:
        member.close(closing.GARBLED)
    except KeyError:
        # A text frame: this wire has bytes only.
        member.close(closing.GARBLED)
    except (WebSocketDisconnect, RuntimeError):
        pass


async def _end(connection: Connection, writing: "asyncio.Task[None]") -> None:
    connection.close(1000)
    await writing


def _from_us(socket: WebSocket, keeper: Doorkeeper) -> bool:
    origin = socket.headers.get("origin")
    return origin is None or origin in keeper.settings.origins

"""What an account does before there is a participant: see its meetings, and begin one."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request

from app.api import bodies, shapes
from app.texts import known_language
from app.visits import doorkeeper
from app.words import say_moment
from meetings.asked_anew import appointment_of
from meetings.storage.tables import Account

router = APIRouter(prefix="/api", tags=["meetings"])


@router.get("/meetings")
async def list_meetings(request: Request) -> shapes.Meetings:
    """Return the meetings this account leads, the newest first."""
    account = await doorkeeper(request).account(request.cookies)
    return await meetings_of(request, account)


@router.post("/meetings", status_code=HTTPStatus.CREATED)
async def start_meeting(request: Request, body: bodies.NewMeeting) -> shapes.Created:
    """Begin a meeting. Answers with the coordinator's own participant, through which everything else goes."""
    keeper = doorkeeper(request)
    account = await keeper.account(request.cookies)
    request.state.language = account.language
    meeting, participant = await keeper.house.start_meeting(
        account,
        body.protocol,
        body.title,
        body.central_person.model_dump(),
        body.language,
        body.frame,
    )
    return shapes.Created(id=meeting, participant=participant)


@router.get("/protocols")
async def list_protocols(request: Request) -> list[shapes.ListedProtocol]:
    """Return the ways of meeting that this installation knows."""
    account = await doorkeeper(request).account(request.cookies)
    return protocols_known(request, account)


async def meetings_of(request: Request, account: Account) -> shapes.Meetings:
    """Return an account's meetings, in its language."""
    language = known_language(account.language)
    listed = []
    for record, me in await doorkeeper(request).house.meetings_of(account.id):
        words = record.protocol.words(language)
        appointment = appointment_of(record)
        central = record.central_person
        listed.append(
            shapes.ListedMeeting(
                id=record.id,
                participant=me.id,
                title=record.about["title"],
                protocol_title=words.title,
                phase=record.phase,
                phase_title=words.phases[record.phase].title,
                central_person=central.name if central else "",
                appointment_text=say_moment(datetime.fromisoformat(appointment["starts_at"]), language)
                if appointment
                else "",
            )
        )
    return shapes.Meetings(me=shapes.AccountName(name=account.name), meetings=listed)


def protocols_known(request: Request, account: Account) -> list[shapes.ListedProtocol]:
    """Return the protocols of this installation, in an account's language."""
    language = known_language(account.language)
    return [
        shapes.ListedProtocol(
            id=protocol.definition.id,
            title=protocol.words(language).title,
            summary=protocol.words(language).summary,
        )
        for protocol in doorkeeper(request).house.catalogue.all()
    ]

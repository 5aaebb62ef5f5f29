"""Where a coordinator begins to rehearse, or goes on."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.meetings import protocols_known
from app.pages.rendering import render
from app.visits import doorkeeper
from meetings.rehearsal import rehearsals_of

router = APIRouter(include_in_schema=False)


@router.get("/meetings/rehearsal")
async def rehearsal(request: Request) -> HTMLResponse:
    """Show the ways of meeting that can be rehearsed, and the rehearsal under way if there is one."""
    keeper = doorkeeper(request)
    account = await keeper.account(request.cookies)
    records = [await keeper.house.standing(meeting) for meeting in await rehearsals_of(keeper.house, account.id)]
    page = {
        "me": {"name": account.name},
        "protocols": [protocol.model_dump(mode="json") for protocol in protocols_known(request, account)],
        "under_way": [
            {"participant": person.id, "title": record.about["title"]}
            for record in records
            for person in record.people.values()
            if person.row.account_id == account.id
        ],
    }
    return render(request, "rehearsal", account.language, page)

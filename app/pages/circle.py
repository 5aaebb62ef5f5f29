"""The circle list and the preparation, for who leads the meeting."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.answering import state_of
from app.pages.rendering import render
from app.visits import seen_by
from meetings.door import must

router = APIRouter(include_in_schema=False)


@router.get("/m/{participant}/circle")
async def circle(request: Request, participant: str) -> HTMLResponse:
    """Show the list to who manages it."""
    record, me = await seen_by(request, participant)
    must(me, "manage_people", record)
    state = await state_of(request, record, me)
    words = record.protocol.words(state.language)
    roles = [
        {"id": role, "title": words.roles[role], "side": made.side}
        for role, made in record.protocol.definition.roles.items()
        if made.side != "facilitator"
    ]
    page = {"state": state.model_dump(mode="json", by_alias=True), "roles": roles}
    return render(request, "circle", state.language, page)

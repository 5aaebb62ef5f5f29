"""The meeting itself: one page for everybody, with what is theirs to see."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.answering import state_of
from app.pages.rendering import render
from app.visits import seen_by

router = APIRouter(include_in_schema=False)


@router.get("/m/{participant}")
async def meeting(request: Request, participant: str) -> HTMLResponse:
    """Show the meeting to one participant."""
    record, me = await seen_by(request, participant)
    state = await state_of(request, record, me)
    return render(request, "meeting", state.language, {"state": state.model_dump(mode="json", by_alias=True)})

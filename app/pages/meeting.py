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
    page = {
        "state": state.model_dump(mode="json", by_alias=True),
        # A colleague who came in by a link leads as well, and has no list of meetings to go back to.
        "has_account": me.row.account_id is not None,
    }
    return render(request, "meeting", state.language, page)

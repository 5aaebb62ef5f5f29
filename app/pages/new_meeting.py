"""Where a coordinator begins a meeting."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.meetings import protocols_known
from app.pages.rendering import render
from app.visits import doorkeeper

router = APIRouter(include_in_schema=False)


@router.get("/meetings/new")
async def new_meeting(request: Request) -> HTMLResponse:
    """Show the ways of meeting to choose from."""
    account = await doorkeeper(request).account(request.cookies)
    protocols = [protocol.model_dump(mode="json") for protocol in protocols_known(request, account)]
    return render(request, "new_meeting", account.language, {"me": {"name": account.name}, "protocols": protocols})

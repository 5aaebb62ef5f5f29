"""The coordinator's meetings."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.meetings import meetings_of
from app.pages.rendering import render
from app.visits import doorkeeper

router = APIRouter(include_in_schema=False)


@router.get("/meetings")
async def meetings(request: Request) -> HTMLResponse:
    """List the meetings of the account that came in."""
    account = await doorkeeper(request).account(request.cookies)
    page = (await meetings_of(request, account)).model_dump(mode="json")
    return render(request, "meetings", account.language, page)

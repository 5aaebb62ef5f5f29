"""The page behind a personal link. It shows nothing of anybody and changes nothing; only its button does."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.errors import language_of
from app.pages.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/u/{holder}")
async def landing(request: Request, holder: str) -> HTMLResponse:
    """Return the same page for every id, known or not."""
    return render(request, "landing", language_of(request))

"""The page at the address itself, for who came without a link."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from app.errors import language_of
from app.pages.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/")
async def front_door(request: Request) -> HTMLResponse:
    """Say what this is, and that one's own link is the way in."""
    return render(request, "front_door", language_of(request))


@router.get("/robots.txt")
async def robots() -> PlainTextResponse:
    """Ask search engines to stay out of what is nobody else's."""
    return PlainTextResponse("User-agent: *\nDisallow: /u/\nDisallow: /m/\nDisallow: /meetings\n")

"""Where to turn in danger: 112 and Veilig Thuis. One tap away from everywhere, and the same for everybody."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.errors import language_of
from app.pages.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/danger")
async def danger(request: Request) -> HTMLResponse:
    """Return the page; it knows nobody."""
    return render(request, "danger", language_of(request))

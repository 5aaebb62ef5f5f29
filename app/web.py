"""The app as a whole: settings in, a running house out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.api import asking, entering, leading, looking_ahead, rehearsal, restoring
from app.api import circle as circle_acts
from app.api import meeting as meeting_acts
from app.api import meetings as meetings_list
from app.api import plan as plan_acts
from app.api.state import outside_view, plan_views
from app.busy import Busy
from app.errors import install_errors
from app.live import sockets
from app.live.hub import Hub
from app.logs import RequestLog
from app.pages import board, circle, danger, front_door, landing, meeting, meetings, new_meeting, plan
from app.pages import rehearsal as rehearsal_page
from app.pages.rendering import DIST
from app.security import Protection
from app.settings import LOOPBACK, Settings
from app.visits import CookieKeeper, Doorkeeper
from meetings.bus import Bus
from meetings.house import House
from meetings.rehearsal import erase_old_forever
from meetings.storage.database import Database
from meetings.storage.sealing import KeyRing
from protocols.catalogue import Catalogue

PAGES = (front_door, landing, danger, meetings, new_meeting, meeting, circle, plan, board, rehearsal_page)
ACTS = (
    entering,
    meetings_list,
    meeting_acts,
    circle_acts,
    plan_acts,
    asking,
    restoring,
    looking_ahead,
    leading,
    rehearsal,
)


def open_house(settings: Settings) -> House:
    """Return the house of an installation, on its database and with its keys. The database must be migrated.

    Raises DefinitionError when one of its protocols has a mistake.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    return House(
        Database(settings.database_url),
        KeyRing.from_file(settings.data / "master.key"),
        Catalogue.of_installation(*settings.protocols),
        Bus(settings.bus_url) if settings.bus_url else None,
    )


def create_app(settings: Settings) -> FastAPI:
    """Return the app for these settings."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        house = open_house(settings)
        keeper = Doorkeeper(house, settings)
        app.state.house, app.state.doorkeeper = house, keeper
        app.state.hub = Hub(house, keeper.visits, outside_view, plan_views, settings.limits)
        app.state.limiter = entering.new_limiter()
        await house.open()
        app.state.hub.open()
        clearing = asyncio.create_task(erase_old_forever(house), name="erase old rehearsals")
        yield
        clearing.cancel()
        await app.state.hub.close()
        await house.close()

    app = FastAPI(
        title="Rondom",
        summary="Network meetings: whole, private where it must be, and signed.",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    install_errors(app)

    for part in (*ACTS, *PAGES):
        app.include_router(part.router)
    app.include_router(sockets.router)
    app.mount("/assets", _Assets(directory=DIST, check_dir=False), name="assets")
    hosts = {origin.split("://", 1)[1].rsplit(":", 1)[0] for origin in settings.origins}
    app.add_middleware(Busy, most=settings.requests_at_once, patience=settings.seconds_for_a_body)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*hosts, *LOOPBACK])
    app.add_middleware(CookieKeeper, settings=settings)
    app.add_middleware(Protection, settings=settings)
    app.add_middleware(RequestLog)
    return app


class _Assets(StaticFiles):
    """Built files carry their content's hash in their name, so a browser may keep them."""

    async def get_response(self, path: str, scope: object) -> Response:
        if path == "manifest.json":
            raise HTTPException(404)
        response = await super().get_response(path, scope)  # type: ignore[arg-type]
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response

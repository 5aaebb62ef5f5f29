"""What every answer carries and every request must have: headers, a body that is not too big, our own origin."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import answer
from app.settings import Settings

MOST_BODY_BYTES: Final = 256 * 1024
_SAFE_METHODS: Final = {"GET", "HEAD", "OPTIONS"}


def comes_from_us(headers: Headers, settings: Settings) -> bool:
    """Tell whether a request that changes something may come from where it says it comes from (AU-11).

    A browser always says. A program that holds the cookie itself says nothing, and no browser can be made
    to send such a request for somebody else.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None and origin not in settings.origins:
        return False
    return site in (None, "same-origin", "none")


class Protection:
    """The outermost layer: refuses what is too big or comes from elsewhere, and puts the headers on."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        host = settings.public_origin.split("://", 1)[1]
        sockets = f"{'wss' if settings.secure else 'ws'}://{host}"
        self._headers = {
            "content-security-policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                f"font-src 'self'; connect-src 'self' {sockets}; manifest-src 'self'; worker-src 'self'; "
                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
            ),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
            "x-robots-tag": "noindex, nofollow, noarchive",
        }
        if settings.secure:
            self._headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if not request.url.path.startswith("/assets/"):
                    headers["cache-control"] = "no-store"
            await send(message)

        refused = await self._refusal(request)
        if refused is not None:
            status, code = refused
            await answer(request, status, code)(scope, receive, send_protected)
            return
        await self._app(scope, _bounded(receive), send_protected)

    async def _refusal(self, request: Request) -> tuple[int, str] | None:
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BODY_BYTES:
            return 413, "too_big"
        if request.method in _SAFE_METHODS:
            return None
        if not comes_from_us(request.headers, self._settings):
            return 403, "from_elsewhere"
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind != "application/json" and (int(length) > 0 or "transfer-encoding" in request.headers):
            return 415, "no_json"
        return None


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def receive_bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BODY_BYTES:
            # A body that grows without end is cut off; what came before is no whole JSON and is refused as such.
            return {"type": "http.request", "body": b"", "more_body": False}
        return message

    return receive_bounded

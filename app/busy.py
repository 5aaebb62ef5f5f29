"""As many requests at once as one process serves well. Who comes beyond that reads a page that says so, at once,
and a body that dribbles in does not keep its place for ever."""

import asyncio
from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import answer


class Busy:
    """Answers 503 with words when `most` requests are being served, and 408 to a body that takes over `patience` s."""

    def __init__(self, app: ASGIApp, most: int, patience: float) -> None:
        self._app = app
        self._most = most
        self._patience = patience
        self._serving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/assets/"):
            # The page that says how busy it is needs its style.
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if self._serving >= self._most:
            await answer(request, HTTPStatus.SERVICE_UNAVAILABLE, "server_busy")(scope, receive, send)
            return
        self._serving += 1
        try:
            await self._serve(request, receive, send)
        finally:
            self._serving -= 1

    async def _serve(self, request: Request, receive: Receive, send: Send) -> None:
        until = asyncio.get_running_loop().time() + self._patience
        whole = late = answering = False

        async def receive_in_time() -> Message:
            nonlocal whole, late
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                whole = late = True
                return {"type": "http.disconnect"}
            whole = not message.get("more_body", False)
            return message

        async def send_in_time(message: Message) -> None:
            nonlocal answering
            if not late:
                answering = True
                await send(message)

        try:
            await self._app(request.scope, receive_in_time, send_in_time)
        finally:
            if late and not answering:
                await answer(request, HTTPStatus.REQUEST_TIMEOUT, "too_slow")(request.scope, receive, send)

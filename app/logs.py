"""The log of the process: what happened and when, never what somebody wrote, and never a secret."""

import logging
import sys
import time
from contextlib import suppress
from typing import Final, TextIO

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import answer

_log: Final = structlog.get_logger("rondom")


class _Lines:
    """Writes the log, one line an event. A log that can't be written, such as on a full disk, stops nobody's work."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            print(line, file=self._file, flush=True)

    debug = info = warning = error = critical = msg


def begin_logging(file: TextIO = sys.stderr) -> None:
    """Write the log to standard error, or to another file."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_names: _Lines(file),
    )


class RequestLog:
    """Logs each request by route and status, and answers where the app failed.

    Addresses, bodies and queries stay out: they hold ids and words. So does the text of an error, which may
    quote what a person wrote: its kind and its place are enough to find it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        status, began = 0, time.monotonic()

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.accept"):
                status = message.get("status", 101)
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            _log.error("failed", route=_route(scope), kind=type(error).__name__, at=_place(error))
            if scope["type"] == "http" and not status:
                await answer(Request(scope, receive), 500, "failed")(scope, receive, watch)
            elif scope["type"] == "websocket":
                with suppress(Exception):
                    await send({"type": "websocket.close", "code": 1011})
        if scope["type"] == "http":
            milliseconds = round((time.monotonic() - began) * 1000)
            _log.info("request", method=scope["method"], route=_route(scope), status=status, ms=milliseconds)


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return str(getattr(route, "path", "-"))


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "-" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"

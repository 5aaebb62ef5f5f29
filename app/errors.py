"""How a refusal reaches a person: a sentence in their language, as JSON for a screen or as a page for a browser."""

from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app.pages.rendering import render
from app.texts import FIRST_LANGUAGE, known_language, t, texts
from meetings.refusals import NotFound, NotYours, Refusal, StorageTrouble
from meetings.storage.database import TROUBLE

_log: Final = structlog.get_logger("rondom")

_CONFLICTS: Final = {
    "moved_meanwhile",
    "already_pending",
    "board_says_other",
    "nothing_pending",
    "agreement_changed",
    "plan_changed",
    "plan_replaced",
    "already_signed",
    "consent_first",
    "move_not_from_here",
    "move_missing",
    "move_reason_needed",
    "second_person_needed",
    "role_fixed_in_private_time",
    "meeting_full",
    "person_stays",
    "decider_stays",
    "nobody_is_asked_now",
    "nobody_leads_yet",
    "colleague_leads_already",
    "only_rehearsing",
}


class NotSignedIn(Exception):
    """No visit stands behind this request: no cookie, an ended one, or somebody else's."""


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    if isinstance(refusal, NotFound) or refusal.code == "move_unknown_move":
        return HTTPStatus.NOT_FOUND
    if isinstance(refusal, NotYours) or refusal.code == "move_not_yours":
        return HTTPStatus.FORBIDDEN
    if isinstance(refusal, StorageTrouble):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if refusal.code == "too_many_tries":
        return HTTPStatus.TOO_MANY_REQUESTS
    if refusal.code in _CONFLICTS:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY


def language_of(request: Request) -> str:
    """Return the language to answer in: the person's own where it is known, else what the browser asks for."""
    chosen = getattr(request.state, "language", None) or request.query_params.get("language")
    if chosen:
        return known_language(chosen)
    asked = request.headers.get("accept-language", "")[:2].lower()
    return known_language(asked) if asked else FIRST_LANGUAGE


def answer(request: Request, status: int, code: str, **more: Any) -> Response:
    """Answer with one sentence that says what is wrong and what to do now."""
    language = language_of(request)
    values = more.pop("values", {})
    key = f"refusals.{code}"
    message = t(language, key if key in texts(language) else f"refusals.status_{status // 100}xx", **values)
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        answered: Response = JSONResponse({"code": code, "message": message, **more}, status_code=status)
    else:
        answered = render(request, "lost", language, {"message": message}, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answered.headers["retry-after"] = "30"
    return answered


def install_errors(app: FastAPI) -> None:
    """Make every error of the app speak to people."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        more = {"missing": refusal.missing} if refusal.missing else {}
        return answer(request, status_of(refusal), refusal.code, values=refusal.values, **more)

    async def in_trouble(request: Request, error: Exception) -> Response:
        _log.error("database in trouble", kind=type(error).__name__)
        return answer(request, HTTPStatus.SERVICE_UNAVAILABLE, "storage_trouble")

    for kind in TROUBLE:
        app.add_exception_handler(kind, in_trouble)

    @app.exception_handler(NotSignedIn)
    async def not_signed_in(request: Request, _error: NotSignedIn) -> Response:
        return answer(request, HTTPStatus.UNAUTHORIZED, "not_signed_in")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        # Which field, never what was in it: nothing a person wrote goes anywhere but back to them.
        fields = sorted({str(part["loc"][-1]) for part in error.errors() if part["loc"]})
        code = "no_json" if any(part["type"] == "json_invalid" for part in error.errors()) else "invalid"
        return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, code, fields=fields)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        code = {404: "no_such_page", 405: "not_that_way"}.get(error.status_code, f"status_{error.status_code}")
        return answer(request, error.status_code, code)

"""Acts in a meeting: each is one POST by one participant, and answers with the meeting as they see it then."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from app.api import bodies, shapes
from app.api.answering import state_now
from app.api.state import Sight
from app.visits import acting_as, seen_by
from meetings import course, preparation
from meetings.boards.document import read_board as board_values
from meetings.door import board_right
from meetings.plan import verdicts
from meetings.plan.answers import answer_agreement
from meetings.plan.values import BoardValues
from meetings.refusals import NotYours, Refusal
from protocols.requirements import Missing

router = APIRouter(prefix="/api/m/{participant}", tags=["in a meeting"])


@router.get("")
async def see(request: Request, participant: str) -> shapes.State:
    """Return the meeting as this participant may see it."""
    return await state_now(request, participant)


@router.post("/language")
async def choose_language(request: Request, participant: str, body: bodies.ChosenLanguage) -> shapes.State:
    """Choose the language of one's own screens."""
    async with acting_as(request, participant) as (record, by):
        by.row.language = body.language
        record.session.add(by.row)
    return await state_now(request, participant)


@router.post("/question")
async def set_question(request: Request, participant: str, body: bodies.Question) -> shapes.State:
    """Set the question of the meeting."""
    async with acting_as(request, participant) as (record, by):
        preparation.set_question(record, body.text, by=by)
    return await state_now(request, participant)


@router.post("/appointment")
async def set_appointment(request: Request, participant: str, body: bodies.Appointment) -> shapes.State:
    """Set day, time (Dutch wall clock) and place."""
    async with acting_as(request, participant) as (record, by):
        preparation.set_appointment(record, body.starts_at.replace(tzinfo=None), body.place, by=by)
    return await state_now(request, participant)


@router.post("/yes-to-meeting")
async def say_yes_to_meeting(request: Request, participant: str, body: bodies.YesOrNo) -> shapes.State:
    """Say yes or no to having this meeting."""
    async with acting_as(request, participant) as (record, by):
        preparation.say_yes_to_meeting(record, body.answer, by=by)
    return await state_now(request, participant)


@router.post("/go")
async def say_go(request: Request, participant: str, body: bodies.YesOrNo) -> shapes.State:
    """Say that the meeting may begin, or not yet."""
    async with acting_as(request, participant) as (record, by):
        preparation.say_go(record, body.answer, by=by)
    return await state_now(request, participant)


@router.post("/independent")
async def say_independent(request: Request, participant: str, body: bodies.YesOrNo) -> shapes.State:
    """The coordinator says to have no other part in this."""
    async with acting_as(request, participant) as (record, by):
        preparation.say_independent(record, body.answer, by=by)
    return await state_now(request, participant)


@router.post("/statement")
async def give_statement(request: Request, participant: str, body: bodies.Statement) -> shapes.State:
    """Give the central person's own words, or keep that they would rather not."""
    async with acting_as(request, participant) as (record, by):
        preparation.give_statement(record, body.text, body.declined, body.asked_by, by=by)
    return await state_now(request, participant)


@router.post("/view")
async def give_view(request: Request, participant: str, body: bodies.View) -> shapes.State:
    """Give one's own part of the information sheet."""
    async with acting_as(request, participant) as (record, by):
        preparation.give_view(record, body.text, by=by)
    return await state_now(request, participant)


@router.post("/bottom-lines", status_code=HTTPStatus.CREATED)
async def set_bottom_line(request: Request, participant: str, body: bodies.BottomLine) -> shapes.State:
    """Set a safety minimum, before private time; a late one needs a reason."""
    async with acting_as(request, participant) as (record, by):
        preparation.set_bottom_line(record, body.what, body.why, body.ground, body.late_reason, by=by)
    return await state_now(request, participant)


@router.post("/bottom-lines/read-aloud")
async def note_read_aloud(request: Request, participant: str) -> shapes.State:
    """Say that the bottom lines were read aloud to everybody."""
    async with acting_as(request, participant) as (record, by):
        preparation.note_read_aloud(record, by=by)
    return await state_now(request, participant)


@router.post("/bottom-lines/{line}/verdict")
async def give_verdict(request: Request, participant: str, line: str, body: bodies.Verdict) -> shapes.State:
    """Say whether the plan meets a bottom line."""
    async with acting_as(request, participant) as (record, by):
        verdicts.give_verdict(record, line, body.enough, body.why, body.hash, by=by)
    return await state_now(request, participant)


@router.post("/no-questions")
async def say_no_questions(request: Request, participant: str, body: bodies.YesOrNo) -> shapes.State:
    """Say to have no more questions (yes), or to have one (no)."""
    async with acting_as(request, participant) as (record, by):
        preparation.say_no_questions(record, body.answer, by=by)
    return await state_now(request, participant)


@router.post("/ready")
async def say_ready(request: Request, participant: str, body: bodies.Ready) -> shapes.State:
    """Say to be ready, for oneself. It moves nothing."""
    async with acting_as(request, participant) as (record, by):
        preparation.say_ready(record, body.ready, by=by)
    return await state_now(request, participant)


@router.post("/call")
async def call(request: Request, participant: str, body: bodies.Call) -> shapes.State:
    """From private time: call somebody from outside. Their lamp goes on."""
    async with acting_as(request, participant) as (record, by):
        preparation.call(record, body.for_, by=by)
    return await state_now(request, participant)


@router.post("/call/end")
async def end_call(request: Request, participant: str) -> shapes.State:
    """Put the lamp out."""
    async with acting_as(request, participant) as (record, by):
        preparation.end_call(record, by=by)
    return await state_now(request, participant)


@router.post("/moves/{move}", responses={202: {"model": shapes.Moved}})
async def make_move(
    request: Request, response: Response, participant: str, move: str, body: bodies.Move
) -> shapes.Moved:
    """Move the meeting on. 202 when a second person must confirm; 409 with what is missing when it can't be."""
    async with acting_as(request, participant) as (record, by):
        try:
            outcome = await course.move(
                record,
                move,
                by=by,
                seen_version=body.version,
                reason=body.reason,
                release=body.release,
            )
        except Refusal as refused:
            refused.missing = _in_words(Sight(record, by, frozenset()), refused)
            raise
        moved = shapes.Moved(version=record.version, phase=record.phase, pending=outcome == "pending")
    if moved.pending:
        response.status_code = HTTPStatus.ACCEPTED
    return moved


@router.post("/moves/{move}/confirm")
async def confirm_move(request: Request, participant: str, move: str, body: bodies.SeenVersion) -> shapes.Moved:
    """As a second person, agree with a move that waits."""
    async with acting_as(request, participant) as (record, by):
        happened = await course.confirm_move(record, move, by=by, seen_version=body.version)
    if not happened:
        raise Refusal("board_says_other")
    return shapes.Moved(version=record.version, phase=record.phase)


@router.post("/moves/{move}/not-yet")
async def say_not_yet(request: Request, participant: str, move: str, body: bodies.SeenVersion) -> shapes.Moved:
    """Say "nog niet" to a move that waits."""
    async with acting_as(request, participant) as (record, by):
        course.take_back_move(record, move, by=by, seen_version=body.version)
        return shapes.Moved(version=record.version, phase=record.phase)


@router.post("/agreements/{row}/yes")
async def say_yes(
    request: Request, participant: str, row: str, body: bodies.SeenAgreement | None = None
) -> shapes.State:
    """Say yes to an agreement that names me, as it reads now."""
    async with acting_as(request, participant) as (record, by):
        answer_agreement(record, row, "yes", body.hash if body else None, by=by)
    return await state_now(request, participant)


@router.post("/agreements/{row}/no")
async def say_no(
    request: Request, participant: str, row: str, body: bodies.SeenAgreement | None = None
) -> shapes.State:
    """Say no to an agreement that names me. Others see a question that is still open."""
    async with acting_as(request, participant) as (record, by):
        answer_agreement(record, row, "no", body.hash if body else None, by=by)
    return await state_now(request, participant)


@router.get("/boards/{board}")
async def read_board(request: Request, participant: str, board: str) -> BoardValues:
    """Return what a board holds now, as values. 403 when it is not this participant's to read."""
    record, me = await seen_by(request, participant)
    if board not in record.boards or board_right(me, board, record) is None:
        raise NotYours("board_closed")
    replica = await request.app.state.house.board(record, board)
    return board_values(replica.document, record.protocol.definition, board)


def _in_words(sight: Sight, refused: Refusal) -> list[dict[str, object]]:
    # A move is refused for what is hard, or else asks a reason for what is soft: never for both at once.
    hard = refused.code == "move_missing"
    return [sight.missing(item, hard).model_dump(mode="json") for item in refused.missing if isinstance(item, Missing)]

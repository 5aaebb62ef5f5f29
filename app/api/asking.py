"""The acts of asking everybody at once, of seeing a card the same way or not, and of showing one's own board."""

from fastapi import APIRouter, Request

from app.api import bodies, shapes
from app.api.answering import state_now
from app.visits import acting_as
from meetings import asking, stances
from meetings.refusals import Refusal

router = APIRouter(prefix="/api/m/{participant}", tags=["in a meeting"])


@router.post("/voices/{voice}/ask")
async def ask(request: Request, participant: str, voice: str) -> shapes.State:
    """Ask everybody for a number, or for yes, no or pass; a first time or anew."""
    async with acting_as(request, participant) as (record, by):
        asking.ask(record, voice, by=by)
    return await state_now(request, participant)


@router.post("/voices/{voice}/answer")
async def answer(request: Request, participant: str, voice: str, body: bodies.VoiceAnswer) -> shapes.State:
    """Answer for oneself. Nobody sees it until who asks shows all answers together."""
    async with acting_as(request, participant) as (record, by):
        if body.answer is not None:
            asking.answer_round(record, voice, body.answer, by=by)
        elif body.numbers:
            numbers = {given.item: {"number": given.number, "why": given.why} for given in body.numbers}
            asking.answer_scale(record, voice, numbers, body.share, by=by)
        else:
            raise Refusal("number_for_each")
    return await state_now(request, participant)


@router.post("/voices/{voice}/show")
async def show(request: Request, participant: str, voice: str) -> shapes.State:
    """Show everybody all answers together."""
    async with acting_as(request, participant) as (record, by):
        asking.show(record, voice, by=by)
    return await state_now(request, participant)


@router.post("/boards/{board}/rows/{row}/stance")
async def say_stance(request: Request, participant: str, board: str, row: str, body: bodies.Stance) -> shapes.State:
    """Say to see a card the same way, or not. The card stays, with who agrees and who does not."""
    async with acting_as(request, participant) as (record, by):
        stances.say_stance(record, board, row, body.answer, by=by)
    return await state_now(request, participant)


@router.post("/boards/{board}/showing")
async def show_board(request: Request, participant: str, board: str, body: bodies.Showing) -> shapes.State:
    """Say who may see one's own board; an empty list: nobody."""
    async with acting_as(request, participant) as (record, by):
        stances.show_board(record, board, body.to, by=by)
    return await state_now(request, participant)

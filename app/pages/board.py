"""One board to read and to print, for whoever may read it now."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.state import Sight
from app.pages.rendering import render
from app.visits import seen_by
from app.words import say_date, say_when
from meetings.boards.document import read_board
from meetings.door import board_right
from meetings.refusals import NotYours

router = APIRouter(include_in_schema=False)


@router.get("/m/{participant}/boards/{board}")
async def board(request: Request, participant: str, board: str) -> HTMLResponse:
    """Show what a board holds now. 403 when it is not this participant's to read."""
    record, me = await seen_by(request, participant)
    if board not in record.boards or board_right(me, board, record) is None:
        raise NotYours("board_closed")
    replica = await request.app.state.house.board(record, board)
    values = read_board(replica.document, record.protocol.definition, board)
    state = Sight(record, me, frozenset()).state().model_dump(mode="json", by_alias=True)
    language, review = state["language"], values.review.date
    page = {
        "board": next(shown for shown in state["boards"] if shown["id"] == board),
        "values": values.model_dump(mode="json"),
        "names": {person.id: person.name for person in record.people.values()},
        "when_texts": {one.row: say_when(one.model_dump(mode="json")["when"], language) for one in values.agreements},
        "review_text": say_date(review, language, year=True) if review else "",
        "stances": state["stances"],
        "me": state["me"],
        "meeting": state["meeting"],
    }
    return render(request, "board", language, page)

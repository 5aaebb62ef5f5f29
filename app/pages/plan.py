"""The signed plan, to read on a phone and to print; it opens from the same link for months."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.plan import plan_as_seen
from app.api.state import Sight
from app.pages.rendering import render
from app.visits import seen_by
from meetings.boards.layout import plan_board

router = APIRouter(include_in_schema=False)


@router.get("/m/{participant}/plan")
async def plan(request: Request, participant: str, version: int | None = None) -> HTMLResponse:
    """Show a frozen plan to one participant; the newest when no version is named."""
    record, me = await seen_by(request, participant)
    shown = plan_as_seen(record, me, version)
    sight = Sight(record, me, frozenset())
    state = sight.state()
    board = plan_board(record.protocol.definition)
    made_of = record.protocol.definition.boards[board].instruments if board else ()
    agreements = shown.model_dump(mode="json")["values"]["agreements"]
    page = {
        "plan": shown.model_dump(mode="json"),
        "mine": [agreement for agreement in agreements if me.id in agreement["who"]],
        "others": [agreement for agreement in agreements if me.id not in agreement["who"]],
        "versions": shown.versions,
        # What else stood on the plan board, each in its own words: who to call at night is part of what was signed.
        "instruments": [
            sight.instrument(one).model_dump(mode="json") for one in made_of if shown.instruments.get(one.id)
        ],
        # A verdict is of the plan as it is now: an older version is shown without.
        "bottom_lines": [line.model_dump(mode="json") for line in state.sheet.bottom_lines]
        if shown.version == shown.versions[-1]
        else [],
        "board": {"id": board},
        "names": {
            **{person.id: person.name for person in record.people.values()},
            **{id_: person["name"] for id_, person in shown.people.items()},
        },
        "stances": {},
        "me": state.me.model_dump(mode="json"),
        "meeting": state.meeting.model_dump(mode="json"),
        "language": state.language,
        "languages": state.languages,
    }
    return render(request, "plan", state.language, page)

"""Looking ahead: what each phase is like, for who leads, without moving anybody and without telling anybody."""

from fastapi import APIRouter, Request

from app.api import shapes
from app.texts import known_language
from app.visits import seen_by
from meetings.door import must
from meetings.record import Participant, Record

router = APIRouter(prefix="/api/m/{participant}", tags=["in a meeting"])


@router.get("/phases")
async def look_ahead(request: Request, participant: str) -> list[shapes.PhaseAhead]:
    """Return all phases in their order, with what they ask of who leads. Nothing moves, nobody is told."""
    record, me = await seen_by(request, participant)
    must(me, "look_ahead", record)
    return _phases(record, me)


def _phases(record: Record, me: Participant) -> list[shapes.PhaseAhead]:
    definition = record.protocol.definition
    words = record.protocol.words(known_language(me.row.language)).phases
    order = list(definition.phases)
    now = order.index(record.phase)
    return [
        shapes.PhaseAhead(
            id=id_,
            title=words[id_].title,
            place="now" if at == now else "done" if at < now else "ahead",
            sentence=words[id_].sentence_facilitator,
            agenda=list(words[id_].agenda),
            questions=[] if definition.phases[id_].private else list(words[id_].questions),
            do=list(words[id_].do),
            dont=list(words[id_].dont),
            minutes=definition.phases[id_].minutes,
            private=definition.phases[id_].private,
        )
        for at, id_ in enumerate(order)
    ]

"""The frozen plan and its signatures."""

from datetime import date

from fastapi import APIRouter, Request

from app.api import bodies, shapes
from app.api.answering import state_now
from app.texts import t
from app.visits import acting_as, seen_by
from app.words import say_date, say_moment, say_when
from meetings.door import must
from meetings.record import FrozenPlan, Participant, Record
from meetings.refusals import NotFound
from meetings.signing.signatures import Answer, asked_to_sign, sign_plan, signatures_of

router = APIRouter(prefix="/api/m/{participant}", tags=["the plan"])


@router.get("/plan")
async def read_plan(request: Request, participant: str, version: int | None = None) -> shapes.Plan:
    """Return a frozen plan with its signatures; the newest when no version is named."""
    record, me = await seen_by(request, participant)
    return plan_as_seen(record, me, version)


@router.post("/signature")
async def sign(request: Request, participant: str, body: bodies.Sign) -> shapes.State:
    """Sign the newest plan, by its hash: stand behind it, with a remark, or not sign. One's own act, once."""
    async with acting_as(request, participant) as (record, by):
        language = by.row.language
        answer = Answer(
            choice=body.choice,
            words=body.words,
            typed_name=body.typed_name,
            ink=body.ink_svg,
            sentence=t(language, f"signing.sentence_{body.choice}"),
            language=language,
        )
        sign_plan(record, body.sha256, answer, by=by)
    return await state_now(request, participant)


def plan_as_seen(record: Record, me: Participant, version: int | None) -> shapes.Plan:
    """Return a frozen plan as `me` reads it. Raises NotYours, NotFound."""
    must(me, "read_plan", record)
    plan = _version(record, version)
    language, content = me.row.language, plan.content
    signatures = signatures_of(record, plan.version)
    answered = {signature.participant for signature in signatures}
    newest = plan is record.plans[-1]
    review = content["values"]["review"]["date"]
    return shapes.Plan(
        version=plan.version,
        versions=[known.version for known in record.plans],
        sha256=plan.sha256,
        frozen_at=plan.frozen_at,
        frozen_at_text=say_moment(plan.frozen_at, language, year=True),
        title=content["title"],
        question=content["question"],
        statement=content["statement"],
        central_person=content["central_person"],
        values=content["values"],
        instruments=content.get("instruments", {}),
        when_texts={a["row"]: say_when(a["when"], language) for a in content["values"]["agreements"]},
        review_text=say_date(date.fromisoformat(review), language, year=True) if review else "",
        people=content["people"],
        signatures=[
            shapes.Signature(
                id=s.participant,
                name=s.about["name"],
                choice=s.about["choice"],
                words=s.about["words"],
                typed_name=s.about["typed_name"],
                ink_svg=s.about["ink"],
                sentence=s.about["sentence"],
                at_text=say_moment(s.at, language),
            )
            for s in signatures
        ],
        waiting=[
            shapes.Named(id=person.id, name=person.name)
            for person in asked_to_sign(record)
            if newest and person.id not in answered
        ],
    )


def _version(record: Record, version: int | None) -> FrozenPlan:
    if not record.plans:
        raise NotFound("no_plan_yet")
    if version is None:
        return record.plans[-1]
    found = next((plan for plan in record.plans if plan.version == version), None)
    if found is None:
        raise NotFound("no_plan_yet")
    return found

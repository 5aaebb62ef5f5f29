"""Freezing the plan: typed values to canonical JSON (RFC 8785) to SHA-256. A frozen version never changes."""

import hashlib
from typing import Any

import rfc8785

from meetings.boards.written import as_json
from meetings.plan.values import PlanValues
from meetings.record import FrozenPlan, Participant, Record
from meetings.refusals import Refusal
from meetings.storage.tables import PlanRow
from meetings.voices import latest


def freeze_plan(record: Record, by: Participant) -> FrozenPlan:
    """Freeze what the plan board holds now as the next version, and return it.

    Raises Refusal "plan_names_stranger" when somebody does something who is not, or no longer, on the list: nobody can
    say yes for them, and a plan that is frozen can never be mended.
    """
    version = len(record.plans) + 1
    content = _content(record, version)
    canonical = rfc8785.dumps(content)
    plan = FrozenPlan(version, hashlib.sha256(canonical).hexdigest(), record.now(), content)
    record.session.add(
        PlanRow(
            meeting_id=record.id,
            version=version,
            sha256=plan.sha256,
            frozen_at=plan.frozen_at,
            participant_id=by.id,
            sealed=record.key.seal(canonical, f"plan/{record.id}/{version}"),
        )
    )
    record.plans.append(plan)
    return plan


def _content(record: Record, version: int) -> dict[str, Any]:
    values = _without_strangers(record.plan_values, record)
    central = record.central_person
    instruments = _instruments(record)
    named = values.named | _beside_lines(instruments) | ({central.id} if central else set())
    statement = next((v.value for v in latest(record, "statement").values() if not v.value["declined"]), None)
    return {
        "format": "rondom-plan/1",
        "meeting": record.id,
        "version": version,
        "title": record.about["title"],
        "question": record.about.get("question", ""),
        "central_person": central.id if central else None,
        "statement": statement["text"] if statement else None,
        "values": values.as_json(),
        "instruments": instruments,
        "people": {
            person.id: {"name": person.name, "side": person.side}
            for person in record.people.values()
            if person.id in named
        },
    }


def _without_strangers(values: PlanValues, record: Record) -> PlanValues:
    """Who keeps an eye or calls the review, and is not on the list (any more), counts as not chosen, as in facts."""
    if not values.doers <= record.people.keys():
        raise Refusal("plan_names_stranger")
    agreements = tuple(
        agreement if agreement.checker in record.people else agreement.model_copy(update={"checker": None})
        for agreement in values.agreements
    )
    convener = values.review.convener if values.review.convener in record.people else None
    return PlanValues(agreements=agreements, review=values.review.model_copy(update={"convener": convener}))


def _instruments(record: Record) -> dict[str, Any]:
    """What else stands on the plan board, such as who to call at night: it is part of what is signed."""
    replica = record.plan_replica
    written = {} if replica is None else as_json(record.written[replica.address.board])
    for line in _lines(written):
        if "person" in line and line["person"] not in record.people:
            line["person"] = None
    return written


def _beside_lines(instruments: dict[str, Any]) -> set[str]:
    """Who stands beside a line, such as who sees that a rule is kept."""
    return {line["person"] for line in _lines(instruments) if line.get("person")}


def _lines(instruments: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for value in instruments.values() if isinstance(value, list) for line in value]

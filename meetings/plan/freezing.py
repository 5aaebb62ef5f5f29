"""Freezing the plan: typed values to canonical JSON (RFC 8785) to SHA-256. A frozen version never changes."""

import hashlib
from typing import Any

import rfc8785

from meetings.boards.written import as_json
from meetings.record import FrozenPlan, Participant, Record
from meetings.storage.tables import PlanRow
from meetings.voices import latest


def freeze_plan(record: Record, by: Participant) -> FrozenPlan:
    """Freeze what the plan board holds now as the next version, and return it."""
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
    values = record.plan_values
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


def _instruments(record: Record) -> dict[str, Any]:
    """What else stands on the plan board, such as who to call at night: it is part of what is signed."""
    replica = record.plan_replica
    return {} if replica is None else as_json(record.written[replica.address.board])


def _beside_lines(instruments: dict[str, Any]) -> set[str]:
    """Who stands beside a line, such as who sees that a rule is kept."""
    lines = [line for value in instruments.values() if isinstance(value, list) for line in value]
    return {line["person"] for line in lines if line.get("person")}

"""Signing: each person's own act on one exact plan, by its hash (methods.md §11.3, security.md §3.2)."""

import re
from dataclasses import dataclass
from typing import Literal

from meetings.door import must
from meetings.plan.values import PlanValues
from meetings.record import Participant, Record, Signature
from meetings.refusals import NotFound, Refusal
from meetings.storage.tables import SignatureRow

Choice = Literal["stand_behind", "yes_but", "not_signing"]
# Straight and curved strokes only, in whole numbers: no pressure, speed or timing, which would be biometric.
INK = re.compile(r"^(?:[MLQC](?:-?\d{1,4}[ ,]?){2,6} ?)+$")


@dataclass(frozen=True)
class Answer:
    """What somebody does with a plan: the choice, their own words if they gave any, and how they signed."""

    choice: Choice
    words: str
    typed_name: str
    ink: str
    sentence: str
    language: str


def sign_plan(record: Record, sha256: str, answer: Answer, *, by: Participant) -> Signature:
    """Keep `by`'s answer to the plan with this hash; a later one takes the place of "ja, maar" and of not signing.

    Raises NotYours; NotFound when nothing is frozen; Refusal "plan_replaced" when the hash is of another version,
    "already_signed" when `by` stands behind it already, or "name_or_drawing_needed".
    """
    must(by, "sign", record)
    if not record.plans:
        raise NotFound("no_plan_yet")
    plan = record.plans[-1]
    if sha256 != plan.sha256:
        raise Refusal("plan_replaced")
    before = signature_of(record, by.id)
    if before is not None and before.about["choice"] == "stand_behind":
        raise Refusal("already_signed")
    if answer.choice != "not_signing" and not (answer.typed_name.strip() or answer.ink):
        raise Refusal("name_or_drawing_needed")
    signature = Signature(
        by.id,
        plan.version,
        record.now(),
        {
            "choice": answer.choice,
            "words": answer.words,
            "typed_name": answer.typed_name,
            "ink": answer.ink,
            "sentence": answer.sentence,
            "language": answer.language,
            "name": by.name,
            "role": by.role,
        },
    )
    record.session.add(
        SignatureRow(
            meeting_id=record.id,
            plan_version=plan.version,
            plan_sha256=plan.sha256,
            participant_id=by.id,
            at=signature.at,
            sealed=record.key.seal_values(signature.about, f"signature/{record.id}/{by.id}"),
        )
    )
    record.signatures.append(signature)
    return signature


def signature_of(record: Record, participant: str) -> Signature | None:
    """Return this person's answer to the newest plan, or None."""
    return next((s for s in signatures_of_newest(record) if s.participant == participant), None)


def signatures_of_newest(record: Record) -> list[Signature]:
    """Return everybody's answers that count to the newest frozen plan."""
    return signatures_of(record, record.plans[-1].version) if record.plans else []


def signatures_of(record: Record, version: int) -> list[Signature]:
    """Return everybody's latest answer to one version of the plan, in the order in which they were given."""
    answers: dict[str, Signature] = {}
    for signature in record.signatures:
        if signature.plan_version == version:
            answers.pop(signature.participant, None)
            answers[signature.participant] = signature
    return list(answers.values())


def asked_to_sign(record: Record) -> list[Participant]:
    """Return who is asked: the central person and everybody who does something in the newest frozen plan."""
    if not record.plans:
        return []
    doers = PlanValues.model_validate(record.plans[-1].content["values"]).doers
    return [person for person in record.people.values() if person.central or person.id in doers]

"""Gathers what the protocol's requirements ask about a meeting, as plain facts."""

from meetings.consent import deciders, still_asked
from meetings.plan.answers import answer_to
from meetings.plan.values import PlanValues
from meetings.record import Participant, Record
from meetings.signing.signatures import asked_to_sign, signatures_of_newest
from meetings.voices import latest, who_said
from protocols import requirements


def gather_facts(record: Record, release: PlanValues | None = None) -> requirements.Facts:
    """Return the facts of a meeting; `release` is what the circle is about to show, if it is."""
    plan = record.plan_values
    return requirements.Facts(
        frame=record.row.frame,
        people=tuple(_person(person, record) for person in record.people.values()),
        deciders=tuple(person.id for person in deciders(record)),
        yes_to_meeting=who_said(record, "yes_to_meeting", answer="yes"),
        go=who_said(record, "go", answer="yes"),
        independent=bool(who_said(record, "independent", answer="yes")),
        question=str(record.about.get("question", "")),
        appointed="appointment" in record.about,
        statement_given=bool(latest(record, "statement")),
        no_questions=who_said(record, "no_questions", answer="yes"),
        released=len(release.agreements) if release else 0,
        agreements=tuple(
            requirements.Agreement(
                row=agreement.row,
                who=tuple(who for who in agreement.who if who in record.people),
                what=agreement.what,
                when=agreement.when.model_dump(mode="json", exclude_none=True) if agreement.when else None,
                checker=agreement.checker if agreement.checker in record.people else None,
                otherwise=agreement.otherwise,
                yes=frozenset(who for who in agreement.who if answer_to(agreement, who, record) == "yes"),
            )
            for agreement in plan.agreements
        ),
        review_date=plan.review.date,
        review_convener=plan.review.convener if plan.review.convener in record.people else None,
        today=record.today(),
        bottom_lines=tuple(bottom_lines(record)),
        signers=tuple(person.id for person in asked_to_sign(record)),
        signed=frozenset(signature.participant for signature in signatures_of_newest(record)),
    )


def bottom_lines(record: Record) -> list[requirements.BottomLine]:
    """Return the bottom lines with the latest verdict on each (methods.md §5.5)."""
    verdicts = {subject: voice for (_who, subject), voice in latest(record, "verdict").items()}
    return [
        requirements.BottomLine(
            id=subject,
            what=voice.value["what"],
            why=voice.value["why"],
            set_by=who,
            enough=verdicts[subject].value["enough"] if subject in verdicts else None,
        )
        for (who, subject), voice in latest(record, "bottom_line").items()
    ]


def _person(person: Participant, record: Record) -> requirements.Person:
    safety = person.about.get("safety")
    return requirements.Person(
        id=person.id,
        name=person.name,
        role=person.role,
        side=person.side,
        central=person.central,
        age_band=person.age_band,
        authority=person.authority,
        taking_part=person.taking_part,
        consented=not still_asked(person, record),
        prepared=bool(person.about.get("prepared")),
        safe=safety is not None and (safety["safe"] or bool(safety["measure"].strip())),
        answering=tuple(decider.id for decider in still_asked(person, record)),
    )

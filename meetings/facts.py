"""Gathers what the protocol's requirements ask about a meeting, as plain facts."""

from meetings.asked_anew import appointment_of, is_prepared, safety_of
from meetings.asking import as_asked
from meetings.boards.written import summary_of
from meetings.consent import deciders, is_welcome, lacks_decider, still_asked
from meetings.door import board_right, may
from meetings.plan.answers import answer_to
from meetings.plan.values import PlanValues
from meetings.plan.verdicts import Verdict, verdicts
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
        lacks_decider=lacks_decider(record),
        yes_to_meeting=who_said(record, "yes_to_meeting", answer="yes"),
        go=who_said(record, "go", answer="yes"),
        independent=bool(who_said(record, "independent", answer="yes")),
        question=str(record.about.get("question", "")),
        appointed=appointment_of(record) is not None,
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
                proposed=agreement.proposed,
                names_stranger=not record.people.keys() >= set(agreement.who),
            )
            for agreement in plan.agreements
        ),
        review_date=plan.review.date,
        review_convener=plan.review.convener if plan.review.convener in record.people else None,
        today=record.today(),
        bottom_lines=tuple(bottom_lines(record)),
        bottom_lines_read=bottom_lines_read(record),
        bottom_line_setters=tuple(
            person.id for person in record.people.values() if may(person, "set_bottom_line", record)
        ),
        signers=tuple(person.id for person in asked_to_sign(record)),
        signed=frozenset(signature.participant for signature in signatures_of_newest(record)),
        written=_written(record),
        writers=_writers(record),
        asked={voice: as_asked(record, voice) for voice in record.protocol.definition.voices},
        decided_boards=frozenset(board for _who, board in latest(record, "show_board")),
    )


def _written(record: Record) -> dict[str, requirements.Written]:
    return {
        f"{board}.{one.id}": summary_of(one, record.written[board][one.id])
        for board, one in record.protocol.definition.instruments()
        if one.id in record.written.get(board, ())
    }


def _writers(record: Record) -> dict[str, tuple[str, ...]]:
    return {
        board: tuple(person.id for person in record.people.values() if board_right(person, board, record) == "write")
        for board in record.written
    }


def bottom_lines(record: Record) -> list[requirements.BottomLine]:
    """Return the bottom lines with the verdict on each (methods.md §5.5)."""
    judged = verdicts(record)
    answering = _answers_for_bottom_lines(record)
    return [
        requirements.BottomLine(
            id=subject,
            what=voice.value["what"],
            why=voice.value["why"],
            set_by=who,
            answering=(who,) if who in record.people else answering,
            enough=judged.get(subject, Verdict()).enough,
            refused_by=judged[subject].by if subject in judged and judged[subject].enough is False else (),
        )
        for (who, subject), voice in latest(record, "bottom_line").items()
    ]


def _answers_for_bottom_lines(record: Record) -> tuple[str, ...]:
    """Return who can take over a bottom line from somebody who was taken off the list."""
    acts = ("give_verdict", "set_bottom_line", "set_late_bottom_line")
    people = record.people.values()
    able = tuple(person.id for person in people if any(may(person, act, record) for act in acts))
    return able or tuple(person.id for person in people if person.side == "facilitator")


def bottom_lines_read(record: Record) -> bool:
    """Tell whether all bottom lines there are were read aloud: one that came later was not (methods.md §4.3, E4)."""
    read = [voice.at for voice in latest(record, "bottom_lines_read").values()]
    set_at = [voice.at for voice in latest(record, "bottom_line").values()]
    return bool(read) and (not set_at or max(read) >= max(set_at))


def _person(person: Participant, record: Record) -> requirements.Person:
    safety = safety_of(person, record)
    return requirements.Person(
        id=person.id,
        name=person.name,
        role=person.role,
        side=person.side,
        central=person.central,
        age_band=person.age_band,
        authority=person.authority,
        taking_part=person.taking_part,
        consented=is_welcome(person, record),
        prepared=is_prepared(person, record),
        safe=safety is not None and (safety["safe"] or bool(safety["measure"].strip())),
        answering=tuple(decider.id for decider in still_asked(person, record)),
    )

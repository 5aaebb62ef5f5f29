"""The machine behind a protocol, against an interpreter of some thirty lines that only reads the data."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.catalogue import Catalogue
from protocols.definition import SIDES, Definition
from protocols.machine import Decision, Mover, MoveRefused, compile_machine, decide, moves_from
from protocols.requirements import REQUIREMENTS, Agreement, BottomLine, Facts, Missing, Person

PROTOCOL = Catalogue.of_library().find("eigen_kracht")
assert PROTOCOL is not None
DEFINITION = PROTOCOL.definition
PEOPLE = ("sami", "mama", "oma", "linda", "marieke", "els")


@dataclass(frozen=True)
class Outcome:
    """What asking for a move came to."""

    to: str | None
    refused: str | None
    missing: tuple[str, ...]


def interpret(
    definition: Definition, phase: str, move_id: str, mover: Mover, facts: Facts, reason: str | None
) -> Outcome:
    """The rules of DESIGN.md §1.6, read straight from the data."""
    move = definition.moves.get(move_id)
    if phase not in definition.phases:
        return Outcome(None, "unknown_phase", ())
    if move is None:
        return Outcome(None, "unknown_move", ())
    if phase not in move.from_:
        return Outcome(None, "not_from_here", ())
    names = {mover.role, mover.side, "everyone"} | ({"central_person"} if mover.central else set())
    if not names & set(move.by):
        return Outcome(None, "not_yours", ())
    hard: list[Missing] = []
    soft: list[Missing] = []
    for use in move.requires:
        if not use.frames or facts.frame in use.frames:
            (hard if use.hard else soft).extend(REQUIREMENTS[use.name](facts, use))
    if hard:
        return Outcome(None, "missing", tuple(missing.key for missing in hard))
    if (soft or move.reason) and not (reason or "").strip():
        return Outcome(None, "reason_needed", tuple(missing.key for missing in soft))
    return Outcome(move.to, None, tuple(missing.key for missing in soft))


def ask(phase: str, move_id: str, mover: Mover, facts: Facts, reason: str | None) -> Outcome:
    try:
        decision: Decision = decide(DEFINITION, phase, move_id, mover, facts, reason)
    except MoveRefused as refused:
        return Outcome(None, refused.code, tuple(missing.key for missing in refused.missing))
    return Outcome(decision.to, None, tuple(missing.key for missing in decision.passed))


some_people = st.sets(st.sampled_from(PEOPLE), max_size=len(PEOPLE)).map(frozenset)

agreements = st.builds(
    Agreement,
    row=st.sampled_from(["a", "b"]),
    who=st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple),
    what=st.sampled_from(["", "eet met Sami", "wij koken", "iemand belt"]),
    when=st.sampled_from([None, {"kind": "date", "date": "2026-12-01"}]),
    checker=st.sampled_from([None, *PEOPLE]),
    otherwise=st.sampled_from(["", "oma belt"]),
    yes=some_people,
)

roles = st.sampled_from(list(DEFINITION.roles))


@st.composite
def people(draw: st.DrawFn) -> tuple[Person, ...]:
    chosen = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True))
    found = []
    for position, name in enumerate(chosen):
        role = draw(roles)
        found.append(
            Person(
                name,
                name.title(),
                role,
                DEFINITION.roles[role].side,
                central=position == 0,
                taking_part=draw(st.sampled_from(["present", "remote", "letter", "absent"])),
                consented=draw(st.booleans()),
                prepared=draw(st.booleans()),
                safe=draw(st.booleans()),
                answering=draw(st.sampled_from([(), ("sami",)])),
            )
        )
    return tuple(found)


facts = st.builds(
    Facts,
    frame=st.sampled_from(["voluntary", "pressure", "compulsory"]),
    people=people(),
    deciders=st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple),
    today=st.just(date(2026, 11, 23)),
    yes_to_meeting=some_people,
    go=some_people,
    independent=st.booleans(),
    question=st.sampled_from(["", "Wat is er nodig?", " ".join(["woord"] * 26)]),
    appointed=st.booleans(),
    statement_given=st.booleans(),
    no_questions=some_people,
    released=st.integers(0, 2),
    agreements=st.lists(agreements, max_size=2).map(tuple),
    review_date=st.sampled_from([None, date(2026, 11, 1), date(2027, 1, 1)]),
    review_convener=st.sampled_from([None, *PEOPLE]),
    bottom_lines=st.lists(
        st.builds(
            BottomLine,
            id=st.just("l"),
            what=st.just("veilig slapen"),
            why=st.sampled_from(["", "het moet"]),
            set_by=st.just("els"),
            enough=st.sampled_from([None, True, False]),
        ),
        max_size=2,
    ).map(tuple),
    signers=st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple),
    signed=some_people,
)

movers = st.builds(
    Mover,
    id=st.sampled_from(PEOPLE),
    role=st.sampled_from([*DEFINITION.roles, "stranger"]),
    side=st.sampled_from(SIDES),
    central=st.booleans(),
)


@given(
    phase=st.sampled_from([*DEFINITION.phases, "limbo"]),
    move=st.sampled_from([*DEFINITION.moves, "fly", "prepare"]),
    mover=movers,
    facts=facts,
    reason=st.sampled_from([None, "", "  ", "Het moet."]),
)
@settings(max_examples=800, deadline=None)
def test_the_machine_decides_as_the_interpreter_does(
    phase: str, move: str, mover: Mover, facts: Facts, reason: str | None
):
    assert ask(phase, move, mover, facts, reason) == interpret(DEFINITION, phase, move, mover, facts, reason)


@given(
    steps=st.lists(st.tuples(st.sampled_from(list(DEFINITION.moves)), movers, facts), max_size=40),
    reason=st.sampled_from([None, "Het moet."]),
)
@settings(max_examples=150, deadline=None)
def test_no_course_leaves_private_time_but_by_the_circle_and_none_leaves_an_end(
    steps: list[tuple[str, Mover, Facts]], reason: str | None
):
    phase = DEFINITION.first_phase
    for move, mover, known in steps:
        outcome = ask(phase, move, mover, known, reason)
        if outcome.to is None:
            continue
        assert not DEFINITION.phases[phase].final
        if DEFINITION.phases[phase].private:
            assert mover.side == "circle" or mover.central or DEFINITION.roles[mover.role].side == "circle"
        phase = outcome.to


@pytest.mark.parametrize("phase", DEFINITION.phases)
def test_each_move_from_a_phase_can_be_made_by_somebody_who_lacks_nothing(phase: str):
    for move in moves_from(DEFINITION, phase):
        assert any(
            decide(DEFINITION, phase, move.id, mover, _all_is_well(), "Een reden.").to == move.to
            for mover in _everybody()
            if _may(move.by, mover)
        ), f"nobody can ever {move.id}"


def test_a_refusal_names_what_is_missing_and_who_can_mend_it():
    leader = Mover("marieke", "coordinator", "facilitator")
    people = (
        Person("sami", "Sami", "youth", "circle", central=True, prepared=True, safe=True),
        Person("marieke", "Marieke", "coordinator", "facilitator"),
        Person("oma", "Oma", "family", "circle", safe=False, prepared=True),
    )
    facts = Facts("voluntary", people, ("sami",), date(2026, 11, 23))
    with pytest.raises(MoveRefused) as caught:
        decide(DEFINITION, "preparation", "begin_meeting", leader, facts, "Een reden.")
    assert [(missing.key, missing.who) for missing in caught.value.missing] == [
        ("safe_to_meet", ("marieke",)),
        ("meeting_appointed", ("marieke",)),
        ("central_person_go", ("sami",)),
    ]


def test_a_machine_is_compiled_with_every_check_on():
    machine = compile_machine(DEFINITION)
    assert machine.allow_event_without_transition is False
    assert machine.catch_errors_as_events is False


def _everybody() -> list[Mover]:
    return [Mover(role, role, made.side, central=role == "youth") for role, made in DEFINITION.roles.items()]


def _may(by: tuple[str, ...], mover: Mover) -> bool:
    return bool({mover.role, mover.side} & set(by)) or (mover.central and "central_person" in by)


def _all_is_well() -> Facts:
    people = tuple(
        Person(mover.role, mover.role, mover.role, mover.side, central=mover.central, prepared=True, safe=True)
        for mover in _everybody()
    )
    return Facts(
        "voluntary",
        people,
        ("youth",),
        date(2026, 11, 23),
        yes_to_meeting=frozenset({"youth"}),
        go=frozenset({"youth"}),
        independent=True,
        question="Wat is er nodig?",
        appointed=True,
        statement_given=True,
        no_questions=frozenset(person.id for person in people),
        released=1,
        agreements=(
            Agreement("a", ("family",), "eet met Sami", {"kind": "date"}, "parent", "dan niet", frozenset({"family"})),
        ),
        review_date=date(2027, 1, 1),
        review_convener="family",
    )

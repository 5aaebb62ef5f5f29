"""The machine behind a protocol, against an interpreter of some thirty lines that only reads the data.

They are compared on every protocol of the library, and on small ones that were made up at random.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from protocols.catalogue import Catalogue
from protocols.checks import faults_of
from protocols.definition import FRAMES, SIDES, Definition, Requirement
from protocols.machine import Decision, Mover, MoveRefused, compile_machine, decide, moves_from
from protocols.requirements import (
    REQUIREMENTS,
    Agreement,
    Asked,
    BottomLine,
    Facts,
    Missing,
    Person,
    Written,
)
from protocols.usual_acts import with_usual_acts

LIBRARY = {protocol.definition.id: protocol.definition for protocol in Catalogue.of_library().all()}
PEOPLE = ("sami", "mama", "oma", "linda", "marieke", "els")

of_each_protocol = pytest.mark.parametrize("definition", LIBRARY.values(), ids=LIBRARY)


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


def ask(definition: Definition, phase: str, move_id: str, mover: Mover, facts: Facts, reason: str | None) -> Outcome:
    try:
        decision: Decision = decide(definition, phase, move_id, mover, facts, reason)
    except MoveRefused as refused:
        return Outcome(None, refused.code, tuple(missing.key for missing in refused.missing))
    return Outcome(decision.to, None, tuple(missing.key for missing in decision.passed))


some_people = st.sets(st.sampled_from(PEOPLE), max_size=len(PEOPLE)).map(frozenset)
named_people = st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple)
reasons = st.sampled_from([None, "", "  ", "Het moet."])

agreements = st.builds(
    Agreement,
    row=st.sampled_from(["a", "b"]),
    who=named_people,
    what=st.sampled_from(["", "eet met Sami", "wij koken", "iemand belt"]),
    when=st.sampled_from([None, {"kind": "date", "date": "2026-12-01"}]),
    checker=st.sampled_from([None, *PEOPLE]),
    otherwise=st.sampled_from(["", "oma belt"]),
    yes=some_people,
    proposed=st.booleans(),
)

bottom_lines = st.builds(
    BottomLine,
    id=st.just("l"),
    what=st.just("veilig slapen"),
    why=st.sampled_from(["", "het moet"]),
    set_by=st.just("els"),
    answering=st.just(("els",)),
    enough=st.sampled_from([None, True, False]),
)


@st.composite
def people(draw: st.DrawFn, definition: Definition) -> tuple[Person, ...]:
    chosen = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True))
    found = []
    for position, name in enumerate(chosen):
        role = draw(st.sampled_from(list(definition.roles)))
        found.append(
            Person(
                name,
                name.title(),
                role,
                definition.roles[role].side,
                central=position == 0,
                taking_part=draw(st.sampled_from(["present", "remote", "letter", "absent"])),
                consented=draw(st.booleans()),
                prepared=draw(st.booleans()),
                safe=draw(st.booleans()),
                answering=draw(st.sampled_from([(), ("sami",)])),
            )
        )
    return tuple(found)


def looked_at(definition: Definition) -> list[tuple[str, str]]:
    """What the requirements of a protocol look at, each with the requirement."""
    return [(use.name, use.of) for move in definition.moves.values() for use in move.requires if use.of]


def each_of(keys: set[str], what: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Something for any of these keys."""
    return st.dictionaries(st.sampled_from(sorted(keys)), what) if keys else st.just({})


def facts_of(definition: Definition) -> st.SearchStrategy[Facts]:
    """Any facts that a meeting by this protocol may have, with all that its requirements can look at."""
    instruments = {f"{board}.{one.id}" for board, one in definition.instruments()}
    parts = [part for _board, one in definition.instruments() for part in one.parts]
    voices = {of for name, of in looked_at(definition) if REQUIREMENTS[name].of in ("scale", "round")}
    boards = {of for name, of in looked_at(definition) if REQUIREMENTS[name].of == "board"}
    written = st.builds(
        Written,
        lines=st.dictionaries(st.sampled_from(["", *parts]), st.integers(0, 3)),
        unfinished=st.integers(0, 2),
    )
    asked = st.builds(
        Asked,
        asked=st.booleans(),
        shown=st.booleans(),
        waiting=named_people,
        answers=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(["yes", "no", "pass"])),
        asked_by=named_people,
    )
    return st.builds(
        Facts,
        frame=st.sampled_from(FRAMES),
        people=people(definition),
        deciders=named_people,
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
        bottom_lines=st.lists(bottom_lines, max_size=2).map(tuple),
        bottom_lines_read=st.booleans(),
        signers=named_people,
        signed=some_people,
        written=each_of(instruments, written),
        writers=each_of(set(definition.boards), named_people),
        asked=each_of(voices, asked),
        decided_boards=st.sets(st.sampled_from(sorted(boards))).map(frozenset) if boards else st.just(frozenset()),
    )


def movers_of(definition: Definition) -> st.SearchStrategy[Mover]:
    return st.builds(
        Mover,
        id=st.sampled_from(PEOPLE),
        role=st.sampled_from([*definition.roles, "stranger"]),
        side=st.sampled_from(SIDES),
        central=st.booleans(),
    )


@of_each_protocol
def test_the_machine_decides_as_the_interpreter_does(definition: Definition):
    @given(
        phase=st.sampled_from([*definition.phases, "limbo"]),
        move=st.sampled_from([*definition.moves, "fly"]),
        mover=movers_of(definition),
        facts=facts_of(definition),
        reason=reasons,
    )
    @settings(max_examples=400, deadline=None)
    def compare(phase: str, move: str, mover: Mover, facts: Facts, reason: str | None) -> None:
        assert ask(definition, phase, move, mover, facts, reason) == interpret(
            definition, phase, move, mover, facts, reason
        )

    compare()


@of_each_protocol
def test_the_machine_decides_as_the_interpreter_does_where_the_move_can_be_made(definition: Definition):
    """The same from the right phases and by the right people, so that the requirements have the last word."""

    @st.composite
    def fitting(draw: st.DrawFn) -> tuple[str, str, Mover]:
        move = draw(st.sampled_from(list(definition.moves.values())))
        able = [mover for mover in everybody_in(definition) if may(move.by, mover)]
        return draw(st.sampled_from(move.from_)), move.id, draw(st.sampled_from(able))

    @given(asks=fitting(), facts=facts_of(definition), reason=reasons)
    @settings(max_examples=400, deadline=None)
    def compare(asks: tuple[str, str, Mover], facts: Facts, reason: str | None) -> None:
        phase, move, mover = asks
        assert ask(definition, phase, move, mover, facts, reason) == interpret(
            definition, phase, move, mover, facts, reason
        )

    compare()


# Those that ask for nothing but people and plan, which any small protocol has.
PLAIN = sorted(name for name, asks in REQUIREMENTS.items() if asks.of is None)
# And those of them that need neither private time nor a plan that was frozen.
ANYWHERE = sorted({*PLAIN} - {"something_to_show", "signed_by"})


@st.composite
def small_protocols(draw: st.DrawFn, names: list[str], stops: st.SearchStrategy[bool]) -> Definition:
    """A protocol of a few phases: a way through all of them, and further moves here and there."""
    count = draw(st.integers(2, 5))
    phases = [f"p{number}" for number in range(count)]
    selectors = ["coordinator", "youth", "parent", "circle", "facilitator", "central_person", "everyone"]
    uses = st.fixed_dictionaries(
        {"name": st.sampled_from(names), "hard": st.booleans()},
        optional={"frames": st.lists(st.sampled_from(FRAMES), max_size=2, unique=True)},
    )

    def move(starts: list[str], end: str) -> dict[str, Any]:
        return {
            "from": starts,
            "to": end,
            "by": draw(st.lists(st.sampled_from(selectors), min_size=1, max_size=2, unique=True)),
            "requires": draw(st.lists(uses, max_size=3)),
            "reason": draw(st.sampled_from([None, None, "required"])),
            "back": None,
        }

    moves = {f"on_{start}": move([start], end) for start, end in zip(phases, [*phases[1:], "end"], strict=True)}
    for number in range(draw(st.integers(0, 3))):
        starts = draw(st.lists(st.sampled_from(phases), min_size=1, max_size=3, unique=True))
        moves[f"more_{number}"] = move(starts, draw(st.sampled_from([*phases, "end"])))
    if draw(stops):
        moves["stop"] = {"from": phases, "to": "end", "by": ["central_person"], "direction": "stop", "back": None}
    made = {
        "id": "small",
        "roles": {
            "coordinator": "facilitator",
            "youth": "circle",
            "parent": "circle",
            "safety_owner": "professional",
        },
        "boards": {"plan": ["plan", "review"]},
        "phases": {id_: {"boards": {"plan": {"write": ["everyone"]}}} for id_ in phases} | {"end": {"final": True}},
        "moves": moves,
    }
    return with_usual_acts(Definition.model_validate(made))


@given(data=st.data(), definition=small_protocols(PLAIN, st.booleans()))
@settings(max_examples=80, deadline=None)
def test_the_machine_decides_as_the_interpreter_does_for_protocols_nobody_wrote(
    data: st.DataObject, definition: Definition
):
    for _ in range(3):
        asks = (
            data.draw(st.sampled_from(list(definition.phases))),
            data.draw(st.sampled_from(list(definition.moves))),
            data.draw(st.sampled_from(everybody_in(definition)) | movers_of(definition)),
            data.draw(facts_of(definition)),
            data.draw(reasons),
        )
        assert ask(definition, *asks) == interpret(definition, *asks)


@given(definition=small_protocols(ANYWHERE, st.just(True)))
@settings(max_examples=60, deadline=None)
def test_a_protocol_that_the_checks_let_pass_reaches_each_phase_when_nothing_is_missing(definition: Definition):
    assume(not faults_of(definition))
    for frame in FRAMES:
        facts = all_is_well(definition, frame)
        reached, new = {definition.first_phase}, {definition.first_phase}
        while new:
            new = {
                str(to)
                for here in new
                for move in moves_from(definition, here)
                for mover in everybody_in(definition)
                if (to := ask(definition, here, move.id, mover, facts, "Een reden.").to)
            } - reached
            reached |= new
        assert reached == set(definition.phases)


@of_each_protocol
def test_no_course_leaves_private_time_but_by_the_circle_and_none_leaves_an_end(definition: Definition):
    steps = st.lists(
        st.tuples(st.sampled_from(list(definition.moves)), movers_of(definition), facts_of(definition)), max_size=30
    )

    @given(steps=steps, reason=st.sampled_from([None, "Het moet."]))
    @settings(max_examples=100, deadline=None)
    def play(steps: list[tuple[str, Mover, Facts]], reason: str | None) -> None:
        phase = definition.first_phase
        for move, mover, known in steps:
            outcome = ask(definition, phase, move, mover, known, reason)
            if outcome.to is None:
                continue
            assert not definition.phases[phase].final
            if definition.phases[phase].private:
                assert mover.side == "circle" or mover.central or definition.roles[mover.role].side == "circle"
            phase = outcome.to

    play()


EACH_PHASE = [(definition, phase) for definition in LIBRARY.values() for phase in definition.phases]


@pytest.mark.parametrize(
    ("definition", "phase"), EACH_PHASE, ids=[f"{definition.id}-{phase}" for definition, phase in EACH_PHASE]
)
def test_each_move_from_a_phase_can_be_made_by_somebody_who_lacks_nothing(definition: Definition, phase: str):
    for move in moves_from(definition, phase):
        for frame in FRAMES:
            assert any(
                ask(definition, phase, move.id, mover, all_is_well(definition, frame), "Een reden.").to == move.to
                for mover in everybody_in(definition)
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
        decide(LIBRARY["eigen_kracht"], "preparation", "begin_meeting", leader, facts, "Een reden.")
    assert [(missing.key, missing.who) for missing in caught.value.missing] == [
        ("safe_to_meet", ("marieke",)),
        ("meeting_appointed", ("marieke",)),
        ("central_person_go", ("sami",)),
    ]


@pytest.mark.parametrize(
    ("what", "short"),
    [
        ("gaat op maandag naar de training, ook als het regent", "gaat op maandag naar de training, ook…"),
        ("belt op vrijdag", "belt op vrijdag"),
        ("x" * 60, "x" * 39 + "…"),
    ],
)
def test_a_long_agreement_is_named_by_its_first_whole_words(what: str, short: str):
    agreement = Agreement("een", ("oma",), what, {"kind": "rhythm"}, "sami", "", frozenset())
    people = (Person("oma", "Oma", "family", "circle"),)
    facts = Facts("voluntary", people, (), date(2026, 11, 23), agreements=(agreement,))
    missing = REQUIREMENTS["plan_b"](facts, Requirement(name="plan_b", hard=True))
    assert [one.values["what"] for one in missing] == [short]


@of_each_protocol
def test_a_machine_is_compiled_with_every_check_on(definition: Definition):
    machine = compile_machine(definition)
    assert machine.allow_event_without_transition is False
    assert machine.catch_errors_as_events is False


def everybody_in(definition: Definition) -> list[Mover]:
    return [
        Mover(role, role, made.side, central=role == definition.central_role) for role, made in definition.roles.items()
    ]


def may(by: tuple[str, ...], mover: Mover) -> bool:
    names = {mover.role, mover.side, "everyone"} | ({"central_person"} if mover.central else set())
    return bool(names & set(by))


def all_is_well(definition: Definition, frame: str) -> Facts:
    """Facts in which nothing is missing that any requirement can look at."""
    central, leads = definition.central_role, next(r for r, m in definition.roles.items() if m.side == "facilitator")
    people = tuple(
        Person(
            f"{mover.role}{number}",
            mover.role,
            mover.role,
            mover.side,
            central=mover.central and not number,
            prepared=True,
            safe=True,
        )
        for mover in everybody_in(definition)
        for number in range(10)
    )
    doer, other = f"{central}0", f"{leads}0"
    lines = {f"{board}.{one.id}": ["", *one.parts] for board, one in definition.instruments()}
    conveners = {of for name, of in looked_at(definition) if name == "review_dated"}
    convener = next((one.id for of in conveners for one in people if of in (one.role, one.side)), doer)
    return Facts(
        frame,
        people,
        (doer,),
        date(2026, 11, 23),
        yes_to_meeting=frozenset({doer}),
        go=frozenset({doer}),
        independent=True,
        question="Wat is er nodig?",
        appointed=True,
        statement_given=True,
        no_questions=frozenset(person.id for person in people),
        released=1,
        agreements=(Agreement("a", (doer,), "eet met Sami", {"kind": "date"}, other, "dan niet", frozenset({doer})),),
        review_date=date(2027, 1, 1),
        review_convener=convener,
        bottom_lines=(BottomLine("l", "veilig slapen", "het moet", other, (other,), True),),
        bottom_lines_read=True,
        signers=(doer,),
        signed=frozenset({doer}),
        written={name: Written({part: 50 for part in parts}) for name, parts in lines.items()},
        asked={voice: Asked(asked=True, shown=True, answers={doer: "yes"}) for voice in definition.voices},
        decided_boards=frozenset(definition.boards),
    )

"""Whether the Signs of Safety protocol is true to the method (methods.md §5), read from its data."""

import pytest

from protocols.catalogue import Catalogue
from protocols.definition import Definition
from protocols.rights import board_right, may_act, may_answer, may_ask

PROTOCOL = Catalogue.of_library().find("signs_of_safety")
assert PROTOCOL is not None
DEFINITION: Definition = PROTOCOL.definition
PHASES = list(DEFINITION.phases)
FROM_THE_PLAN_ON = ("practice", "stepping_down")


def right(phase: str, role: str, board: str, central: bool = False) -> str | None:
    return board_right(DEFINITION, phase, role, DEFINITION.roles[role].side, central, board)


def required(move: str, name: str) -> list[bool]:
    """Return for each use of a requirement on a move whether it is hard, in every frame."""
    uses = DEFINITION.moves[move].requires
    return [use.hard for use in uses if use.name == name and not use.frames]


def reachable_without(*moves: str) -> set[str]:
    reached = {DEFINITION.first_phase}
    while True:
        more = {
            move.to for move in DEFINITION.moves.values() if move.id not in moves and reached.intersection(move.from_)
        }
        if more <= reached:
            return reached
        reached |= more


def test_there_is_no_private_time_and_the_worker_stays_to_the_end():
    assert not any(phase.private for phase in DEFINITION.phases.values())
    assert not any(made.circle for made in DEFINITION.boards.values())
    for phase in (id_ for id_, made in DEFINITION.phases.items() if not made.final):
        assert any(right(phase, "worker", board) for board in DEFINITION.boards), phase


def test_a_strength_and_safety_are_two_lists_and_what_somebody_disputes_stays_in():
    cards = DEFINITION.instrument("map.cards")
    assert cards is not None
    assert cards.kind == "columns"
    assert cards.stances
    assert cards.columns["good"] == ("strengths", "safety")


def test_there_are_at_most_three_worries_each_with_its_goal_and_scale():
    dangers = DEFINITION.instrument("statements.dangers")
    assert dangers is not None
    assert dangers.kind == "pairs"
    assert dangers.most == 3
    scale = DEFINITION.voices["how_safe"]
    assert scale.kind == "scale"
    assert scale.of == "statements.dangers"


@pytest.mark.parametrize("phase", ["network_meeting", "follow_meeting"])
def test_no_network_meeting_goes_on_before_everybody_saw_the_numbers_together(phase: str):
    onward = [
        move
        for move in DEFINITION.moves.values()
        if phase in move.from_
        and move.id not in ("make_story", "back_to_statements", "not_needed", "meet_anew", "stop")
    ]
    assert onward
    for move in onward:
        assert required(move.id, "scale_shown") == [True], move.id
        # Who gives no number holds nobody up, and is named.
        assert required(move.id, "scale_answered") == [False], move.id


def test_everybody_but_the_children_is_asked_for_a_number_and_children_have_a_scale_of_their_own():
    adults = ("worker", "parent", "family", "network", "supporter", "safety_owner", "professional")
    for role in DEFINITION.roles:
        side = DEFINITION.roles[role].side
        assert may_answer(DEFINITION.voices["how_safe"], "network_meeting", role, side, False) == (role in adults)
        assert may_answer(DEFINITION.voices["at_home"], "network_meeting", role, side, False) == (role == "youth")
    named = {use.of for move in DEFINITION.moves.values() for use in move.requires}
    assert "at_home" not in named, "no move ever waits for a child's number"


def test_nobody_sees_the_childs_houses_whom_the_child_did_not_choose():
    for phase in PHASES:
        for role in DEFINITION.roles:
            open_to = right(phase, role, "houses")
            assert open_to in (None, "shown") or role in ("worker", "supporter"), f"{role} in {phase}"
        assert right(phase, "parent", "houses") in (None, "shown")
    for role, made in DEFINITION.roles.items():
        assert not may_act(DEFINITION, "child", role, made.side, False, "show_board")
    assert may_act(DEFINITION, "child", "youth", "circle", True, "show_board")
    assert required("make_network", "board_decided") == [True]


def test_a_brother_or_sister_does_not_write_in_the_childs_houses():
    assert right("child", "youth", "houses", central=True) == "write"
    assert right("child", "youth", "houses") == "shown"


def test_the_child_reads_the_story_only_when_all_adults_approved_it_and_nobody_can_change_it():
    for phase in PHASES:
        reads = right(phase, "youth", "story", central=True) is not None
        assert reads == (phase == "telling"), phase
    for role in DEFINITION.roles:
        assert right("story_check", role, "story") != "write"
        assert right("telling", role, "story") != "write"
    assert [move.id for move in DEFINITION.moves.values() if move.to == "telling"] == ["tell_child"]
    assert required("tell_child", "round_agreed") == [True]
    asked = DEFINITION.voices["story_agreed"]
    for role in ("parent", "family", "network", "supporter", "safety_owner", "worker"):
        assert may_answer(asked, "story_check", role, DEFINITION.roles[role].side, False), role


def test_the_parents_never_give_the_childs_own_words():
    for phase in PHASES:
        assert not may_act(DEFINITION, phase, "parent", "circle", False, "give_statement")


@pytest.mark.parametrize("role", ["safety_owner", "worker"])
def test_both_who_answer_for_safety_set_bottom_lines_and_give_verdicts(role: str):
    side = DEFINITION.roles[role].side
    assert may_act(DEFINITION, "statements", role, side, False, "set_bottom_line")
    assert may_act(DEFINITION, "safety_plan", role, side, False, "set_late_bottom_line")
    assert may_act(DEFINITION, "safety_plan", role, side, False, "give_verdict")


def test_nobody_else_sets_bottom_lines_or_gives_verdicts():
    for phase in PHASES:
        for role in set(DEFINITION.roles) - {"safety_owner", "worker"}:
            for act in ("set_bottom_line", "set_late_bottom_line", "give_verdict"):
                assert not may_act(DEFINITION, phase, role, DEFINITION.roles[role].side, True, act)


def test_bottom_lines_are_there_read_aloud_and_met_in_every_frame():
    assert required("make_story", "bottomlines_readable") == [True]
    assert required("meet_first", "bottomlines_readable") == [True]
    assert required("make_tonight_safe", "bottomlines_read") == [True]
    assert required("to_signing", "bottomlines_met") == [True]


def test_nothing_is_planned_before_tonight_is_safe():
    assert "safety_plan" not in reachable_without("make_plan")
    looked_at = {use.of for use in DEFINITION.moves["make_plan"].requires if use.hard}
    assert {"tonight.now", "tonight.phones", "tonight.checks"} <= looked_at


def test_the_safety_plan_has_checkers_triggers_phones_and_rules():
    assert required("to_signing", "checker") == [True]
    assert required("to_signing", "plan_b") == [True]
    looked_at = {use.of for use in DEFINITION.moves["to_signing"].requires if use.hard}
    assert {"plan.rules", "plan.triggers", "plan.phones", "circle"} <= looked_at


def test_no_plan_is_practised_that_was_not_frozen_to_be_signed():
    assert DEFINITION.moves["to_signing"].freezes == "plan"
    assert not set(FROM_THE_PLAN_ON) & reachable_without("to_signing")
    assert "follow_meeting" not in reachable_without("to_signing")


@pytest.mark.parametrize("phase", FROM_THE_PLAN_ON)
def test_anybody_of_the_circle_and_the_worker_calls_the_network_together_and_is_asked_nothing(phase: str):
    call = DEFINITION.moves["call_network"]
    assert phase in call.from_
    assert {"circle", "worker"} <= set(call.by)
    assert not call.requires
    assert call.reason is None
    assert call.direction == "forward"


def test_network_meetings_repeat():
    moves = DEFINITION.moves.values()
    assert any(move.to == "network_meeting" and "safety_plan" in move.from_ for move in moves)
    assert any(move.to == "network_meeting" and "follow_meeting" in move.from_ for move in moves)


def test_it_ends_only_when_the_goal_was_seen_and_the_child_was_told():
    ends = [move for move in DEFINITION.moves.values() if move.to == "done"]
    assert [move.id for move in ends] == ["close"]
    assert required("close", "scale_shown") == [True]
    hard = [(use.name, use.of) for use in ends[0].requires if use.hard]
    assert ("round_agreed", "goal_seen") in hard
    assert ("written", "carrying_on.told") in hard
    assert ("round_agreed", "goal_seen") in [(use.name, use.of) for use in DEFINITION.moves["step_down"].requires]
    seen = DEFINITION.voices["goal_seen"]
    assert may_answer(seen, "stepping_down", "safety_owner", "professional", False)


def test_who_is_asked_something_can_read_what_it_is_about():
    for id_, board in (("how_safe", "statements"), ("story_agreed", "story")):
        voice = DEFINITION.voices[id_]
        for phase in voice.phases:
            for role, made in DEFINITION.roles.items():
                if may_answer(voice, phase, role, made.side, False):
                    assert right(phase, role, board), f"{role} in {phase}"


def test_each_scale_or_round_can_be_asked_in_each_phase_that_waits_for_it():
    for move in DEFINITION.moves.values():
        for use in move.requires:
            if use.name in ("scale_shown", "round_agreed"):
                voice = DEFINITION.voices[str(use.of)]
                for phase in move.from_:
                    asks = [
                        role for role, made in DEFINITION.roles.items() if may_ask(voice, phase, role, made.side, False)
                    ]
                    assert asks, f"{move.id} in {phase}"


def test_no_text_says_that_a_plan_or_somebody_failed():
    assert PROTOCOL is not None
    said = PROTOCOL.texts["nl"].model_dump_json().replace("Zeg niet dat een plan mislukt is.", "")
    assert "mislukt" not in said
    assert "gefaald" not in said


def test_the_road_is_eight_stones_at_most():
    assert sum(phase.on_road for phase in DEFINITION.phases.values()) <= 8


def test_each_phase_has_what_it_is_about_in_front_also_for_who_only_reads_it():
    assert DEFINITION.phases["story_check"].opens == "story"
    assert right("story_check", "network", "story") == "read"
    # A plan that is settled stands on the screen by itself.
    without = {id_ for id_, phase in DEFINITION.phases.items() if phase.opens is None}
    assert without == {"signing", "stopped"}


@pytest.mark.parametrize(
    ("phase", "proposed"),
    [("network_meeting", "make_tonight_safe"), ("stepping_down", "close"), ("statements", "make_story")],
)
def test_the_first_move_on_is_the_usual_one_for_it_is_what_the_screen_proposes(phase: str, proposed: str):
    onward = [move.id for move in DEFINITION.moves.values() if phase in move.from_ and move.direction == "forward"]
    assert onward[0] == proposed

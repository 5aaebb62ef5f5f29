"""Who may do what, in each phase: the table the data gives, against the one that was written down and read."""

from pathlib import Path

import pytest

from protocols.catalogue import Catalogue
from protocols.definition import Definition
from protocols.rights import board_right, may_act, table

WRITTEN = Path(__file__).parent


@pytest.fixture(scope="module", params=[protocol.definition.id for protocol in Catalogue.of_library().all()])
def definition(request: pytest.FixtureRequest) -> Definition:
    protocol = Catalogue.of_library().find(request.param)
    assert protocol is not None
    return protocol.definition


def test_the_table_is_the_one_that_was_read_and_agreed(definition: Definition):
    written = (WRITTEN / f"{definition.id}_rights.txt").read_text().splitlines()
    assert table(definition) == written


def test_in_private_time_nobody_outside_the_circle_has_any_board(definition: Definition):
    for phase in (id_ for id_, phase in definition.phases.items() if phase.private):
        for role, made in definition.roles.items():
            for board in definition.boards:
                right = board_right(definition, phase, role, made.side, False, board)
                assert right is None or made.side == "circle", f"{role} may {right} {board} in {phase}"


def test_the_circles_own_board_is_never_anybody_elses(definition: Definition):
    for phase in definition.phases:
        for role, made in definition.roles.items():
            for board in (id_ for id_, board in definition.boards.items() if board.circle):
                assert board_right(definition, phase, role, made.side, False, board) is None or made.side == "circle"


def test_what_a_protocol_does_not_name_nobody_may(definition: Definition):
    for phase in definition.phases:
        for role, made in definition.roles.items():
            assert not may_act(definition, phase, role, made.side, True, "read_private_board")


def test_only_the_central_person_stops_the_meeting_and_from_every_phase_before_signing(definition: Definition):
    stop = definition.moves["stop"]
    assert stop.by == ("central_person",)
    assert stop.requires == ()
    before_signing = list(definition.phases)[: list(definition.phases).index("signing")]
    assert set(before_signing) <= set(stop.from_)

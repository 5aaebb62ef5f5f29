"""Random people press random things in a random order, over HTTP and websockets; two promises hold throughout.

Nobody outside the circle ever reads or writes a circle board, or any board in private time; and a frozen plan
never changes (DESIGN.md §1.1 and §1.4).
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import websockets
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.app.boards import open_board, refused_with
from tests.app.driving import Meeting, Person, meeting_in
from tests.app.serving import serving
from tests.stores import fresh_file

CANARY = "kersenbloesem"
PEOPLE = ("marieke", "sami", "mama", "oma", "linda")
STARTS = ("information", "private_time", "agreement", "signing", "follow_up")
MOVES = (
    "begin_private_time",
    "end_private_time",
    "end_private_time/confirm",
    "end_private_time/not-yet",
    "reopen_information",
    "reopen_information/confirm",
    "back_to_private_time",
    "to_signing",
    "change_plan",
    "begin_follow_up",
    "reopen_plan",
    "begin_evaluation",
    "renew_plan",
    "new_conference",
    "prepare",
    "begin_meeting",
    "stop",
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(PEOPLE), st.sampled_from(MOVES)),
        st.tuples(st.just("write"), st.sampled_from(PEOPLE), st.sampled_from(("private", "plan"))),
        st.tuples(st.just("answer"), st.sampled_from(PEOPLE), st.just("")),
    ),
    min_size=4,
    max_size=14,
)


class Watch:
    """What has been seen of the frozen plans, and who stands outside."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.frozen: dict[int, tuple[Any, ...]] = {}

    def outsiders(self) -> list[Person]:
        return [self.meeting.marieke, self.meeting.linda]

    async def look(self) -> None:
        state = self.meeting.sami.state()
        private = state["phase"] == "private_time"
        for person in self.outsiders():
            closed = ("private", "plan") if private else ("private",)
            for board in closed:
                assert person.browser.get(f"/api/m/{person.id}/boards/{board}").status_code == 403
                assert await refused_with(person, board) == 403
            seen = person.browser.get(f"/api/m/{person.id}")
            assert "private" not in [board["id"] for board in seen.json()["boards"]]
            if private:
                assert seen.json()["boards"] == []
                assert CANARY not in seen.text
        self._look_at_plans(state)

    def _look_at_plans(self, state: dict[str, Any]) -> None:
        if state["plan"] is None:
            return
        id_ = self.meeting.sami.id
        for version in range(1, state["plan"]["version"] + 1):
            plan = self.meeting.sami.browser.get(f"/api/m/{id_}/plan?version={version}").json()
            seen = (plan["sha256"], plan["values"], plan["when_texts"], plan["people"])
            assert self.frozen.setdefault(version, seen) == seen


async def write(person: Person, board: str) -> bool:
    """Try to write on a board; tell whether its socket opened."""
    try:
        async with open_board(person, board) as opened:
            opened.add("los", f"iets met {CANARY}")
            await opened.until(lambda b: b.denials or b.closed_with is not None or b.saved_answers or _ask(b), 3)
            return True
    except (websockets.InvalidStatus, TimeoutError):
        return False


def _ask(board: Any) -> bool:
    if board._questions == 0:
        board._questions = 1
        board.send(bytes((100, 1)))
    return False


def do(meeting: Meeting, kind: str, who: str, what: str) -> None:
    person: Person = getattr(meeting, who)
    version = meeting.sami.state()["version"]
    if kind == "move":
        body: dict[str, Any] = {"version": version}
        if "/" not in what:
            body |= {"reason": "Zomaar.", "release": meeting.plan() if what == "end_private_time" else None}
        answer = person.post(f"moves/{what}", body)
        assert answer.status_code < 500, answer.text
    elif kind == "answer":
        for agreement in person.state()["agreements"]:
            assert person.post(f"agreements/{agreement['row']}/yes").status_code < 500


@pytest.mark.slow
@given(start=st.sampled_from(STARTS), course=steps)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target],
    print_blob=True,
)
def test_no_course_of_events_opens_a_closed_board_or_changes_a_frozen_plan(
    migrated_file: Path, plays: dict[str, Any], start: str, course: list[tuple[str, str, str]]
):
    async def play(meeting: Meeting) -> None:
        watch = Watch(meeting)
        await watch.look()
        for kind, who, what in course:
            if kind == "write":
                person: Person = getattr(meeting, who)
                opened = await write(person, what)
                outside = person in watch.outsiders()
                assert not (opened and outside and what == "private")
            else:
                do(meeting, kind, who, what)
            await watch.look()

    # A server of its own for each course: the one before may know the same meeting in another phase.
    with (
        TemporaryDirectory() as folder,
        serving(
            fresh_file(migrated_file, Path(folder)), migrated_file.with_name("master.key"), Path(folder), plays
        ) as rondom,
    ):
        asyncio.run(play(meeting_in(rondom, start)))

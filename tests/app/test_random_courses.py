"""Random people press random things in a random order, over HTTP and websockets; two promises hold throughout.

Nobody outside the circle ever reads or writes a circle board, or any board in private time, nor hears anything of it on
a socket that they have open; and a frozen plan never changes (DESIGN.md §1.1 and §1.4).
"""

import asyncio
import json
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import websockets
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.live import wire
from protocols import machine
from protocols.catalogue import Catalogue
from tests.app.boards import address_of, open_board, refused_with
from tests.app.driving import REVIEW, Person, Rondom
from tests.app.serving import serving
from tests.app.test_rehearsal import jump, rehearse
from tests.stores import fresh_file

LIBRARY = Catalogue.of_library()
# What is written on a board of the circle's own, and on another.
INSIDE, ELSEWHERE = "kersenbloesem", "appelbloesem"
# Around private time: before, in it, and behind it up to the frozen plan.
STARTS = {
    "eigen_kracht": ("information", "private_time", "private_time", "agreement", "signing", "follow_up"),
    "netwerkberaad": ("network_meeting", "private_time", "private_time", "agreement", "signing", "family_team"),
}
ROLES = ("lead", "youth", "parent", "family", "professional")
numbers = st.sampled_from(range(60))
steps = st.lists(
    st.tuples(st.sampled_from(["move", "move", "write", "write", "answer", "ready"]), st.sampled_from(ROLES), numbers),
    min_size=4,
    max_size=14,
)


class Played:
    """A rehearsal of a protocol with private time, and the people that these courses are about."""

    def __init__(self, rondom: Rondom, protocol: str) -> None:
        found = LIBRARY.find(protocol)
        assert found is not None
        self.definition = found.definition
        self.lead = rehearse(rondom.coordinator(), protocol)
        self.people = {"lead": self.lead}
        for about in self.lead.state()["people"]:
            if about["role"] in ROLES:
                self.lead.does("rehearsal/look-as", participant=about["id"])
                self.people[about["role"]] = Person(about["id"], self.lead.browser)
        self.circle_boards = {board for board, made in self.definition.boards.items() if made.circle}
        assert self.circle_boards

    @property
    def outsiders(self) -> list[Person]:
        return [self.lead, self.people["professional"]]

    def is_private(self, phase: str) -> bool:
        return self.definition.phases[phase].private

    def plan(self) -> dict[str, Any]:
        family, parent = self.people["family"].id, self.people["parent"].id
        every_week = {"kind": "rhythm", "every": "week", "days": ["we"]}
        line = {"row": "eten", "who": [family], "what": "eet met Sami", "when": every_week, "checker": parent}
        return {"agreements": [{**line, "otherwise": "Dan belt mama."}], "review": {"date": REVIEW, "convener": family}}


class Ears:
    """What somebody outside hears on the sockets they have open: their events, and the plan as long as it is theirs."""

    def __init__(self, person: Person, keep: AsyncExitStack) -> None:
        self.person = person
        self.events: list[dict[str, Any]] = []
        self.heard: list[bytes] = []
        self._keep = keep
        self._plan: asyncio.Task[int | None] | None = None
        self._told = asyncio.Condition()

    async def open(self) -> None:
        self._begin(self._hear_events(await self._socket("events")))

    async def open_plan(self) -> None:
        """Open the plan board if it is not open."""
        if self._plan is None or self._plan.done():
            socket = await self._socket("boards/plan")
            await socket.send(wire.sync_step_1(b"\0"))
            self._plan = self._begin(self._hear(socket))

    async def plan_is_closed(self) -> None:
        """The plan board, if it was open, is closed with 4403."""
        if self._plan is not None:
            async with asyncio.timeout(5):
                assert await self._plan in (4403, None)
            self._plan = None

    async def until_phase(self, phase: str) -> None:
        async with asyncio.timeout(5), self._told:
            await self._told.wait_for(lambda: self.events and self.events[-1]["phase"] == phase)

    async def _socket(self, path: str) -> websockets.ClientConnection:
        opening = websockets.connect(
            address_of(self.person, path), additional_headers={"Cookie": self.person.cookie}, max_size=None
        )
        return await self._keep.enter_async_context(opening)

    def _begin(self, hearing: Any) -> "asyncio.Task[Any]":
        task = asyncio.create_task(hearing)
        self._keep.callback(task.cancel)
        return task

    async def _hear(self, socket: websockets.ClientConnection) -> int | None:
        with suppress(websockets.ConnectionClosed):
            async for message in socket:
                self.heard.append(message if isinstance(message, bytes) else message.encode())
        return socket.close_code

    async def _hear_events(self, socket: websockets.ClientConnection) -> None:
        with suppress(websockets.ConnectionClosed):
            await self._take_events(socket)

    async def _take_events(self, socket: websockets.ClientConnection) -> None:
        async for message in socket:
            async with self._told:
                self.events.append(json.loads(message))
                self._told.notify_all()


class Watch:
    """What has been seen of the frozen plans, and what those outside saw and heard of private time."""

    def __init__(self, played: Played, ears: list[Ears]) -> None:
        self.played = played
        self.ears = ears
        self.frozen: dict[int, tuple[Any, ...]] = {}
        self.private_times = 0
        self.seen_outside: list[dict[str, Any]] = []

    async def look(self) -> None:
        state = self.played.people["youth"].state()
        private = self.played.is_private(state["phase"])
        closed = set(self.played.definition.boards) if private else self.played.circle_boards
        states = []
        for person in self.played.outsiders:
            for board in closed:
                assert person.browser.get(f"/api/m/{person.id}/boards/{board}").status_code == 403
                assert await refused_with(person, board) == 403
            answer = person.browser.get(f"/api/m/{person.id}")
            assert INSIDE not in answer.text
            seen = answer.json()
            assert not closed & {board["id"] for board in seen["boards"]}
            states.append({**seen, "now": None})
        if private:
            await self._nothing_shows_outside(states)
        else:
            self.seen_outside = []
            for ear, seen in zip(self.ears, states, strict=True):
                if "plan" in {board["id"] for board in seen["boards"]}:
                    await ear.open_plan()
        self._look_at_plans(state)

    async def _nothing_shows_outside(self, states: list[dict[str, Any]]) -> None:
        """Nothing of what happens inside: no word, no count, not even that something happened (DESIGN.md §1.1)."""
        if not self.seen_outside:
            self.private_times += 1
            self.seen_outside = states
        assert states == self.seen_outside
        for ear in self.ears:
            await ear.plan_is_closed()

    async def end(self) -> None:
        """Go on to an end, which everybody outside hears last, and look through all that they heard before."""
        jump(self.played.lead, "stopped")
        for ear in self.ears:
            await ear.until_phase("stopped")
            told_in_private = [event for event in ear.events if self.played.is_private(event["phase"])]
            # That the door was closed, once each time; and nothing after it.
            assert len(told_in_private) <= self.private_times, ear.events
            assert not any(INSIDE.encode() in message for message in ear.heard)

    def _look_at_plans(self, state: dict[str, Any]) -> None:
        if state["plan"] is None:
            return
        central = self.played.people["youth"]
        for version in range(1, state["plan"]["version"] + 1):
            plan = central.browser.get(f"/api/m/{central.id}/plan?version={version}").json()
            seen = (plan["sha256"], plan["values"], plan["when_texts"], plan["people"])
            assert self.frozen.setdefault(version, seen) == seen


async def write(person: Person, board: str, word: str) -> bool:
    """Try to write on a board; tell whether its socket opened."""
    try:
        async with open_board(person, board) as opened:
            opened.add("los", f"iets met {word}")
            await opened.saved(3)
            return True
    except (websockets.InvalidStatus, TimeoutError):
        return False


def act(played: Played, kind: str, person: Person, number: int) -> None:
    state = person.state()
    if kind == "move":
        here = machine.moves_from(played.definition, state["phase"])
        if not here:
            return
        move = here[number % len(here)]
        how = ("", "/confirm", "/not-yet")[number // len(here) % 3] if move.confirm else ""
        body: dict[str, Any] = {"version": state["version"]}
        if not how:
            body |= {"reason": "Zomaar.", "release": played.plan() if move.releases else None}
        answer = person.post(f"moves/{move.id}{how}", body)
        assert answer.status_code < 500, answer.text
    elif kind == "ready" and person not in played.outsiders:
        # Of the circle alone: what those outside say of themselves is theirs to see.
        assert person.post("ready", {"ready": number % 2 == 0}).status_code < 500
    elif kind == "answer":
        for agreement in state["agreements"]:
            assert person.post(f"agreements/{agreement['row']}/yes").status_code < 500


@pytest.mark.slow
@pytest.mark.parametrize("protocol", STARTS)
@given(start=numbers, course=steps)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target],
    print_blob=True,
)
def test_no_course_of_events_opens_a_closed_board_or_tells_of_it_or_changes_a_frozen_plan(
    migrated_file: Path, protocol: str, start: int, course: list[tuple[str, str, int]]
):
    async def play(played: Played) -> None:
        boards = [*played.circle_boards, *played.circle_boards, "plan"]
        async with AsyncExitStack() as keep:
            ears = [Ears(person, keep) for person in played.outsiders]
            for ear in ears:
                await ear.open()
            for ear in ears:
                # Each other's coming is theirs to hear, and is told before any door closes.
                await ear.until_phase(played.definition.first_phase)
            jump(played.lead, STARTS[protocol][start % len(STARTS[protocol])])
            watch = Watch(played, ears)
            await watch.look()
            for kind, who, number in course:
                person = played.people[who]
                if kind == "write":
                    board = boards[number % len(boards)]
                    opened = await write(person, board, INSIDE if board in played.circle_boards else ELSEWHERE)
                    assert not (opened and person in played.outsiders and board in played.circle_boards)
                else:
                    act(played, kind, person, number)
                await watch.look()
            await watch.end()

    # A server of its own for each course: the one before may know the same meeting in another phase.
    with (
        TemporaryDirectory() as folder,
        serving(
            fresh_file(migrated_file, Path(folder)), migrated_file.with_name("master.key"), Path(folder), {}
        ) as rondom,
    ):
        asyncio.run(play(Played(rondom, protocol)))

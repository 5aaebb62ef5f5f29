"""The table of role × phase × board or act, tried cell by cell: over HTTP and over websockets, in each protocol.

A rehearsal has one person for each role and goes to any phase. A route that no row of this file knows fails here: who
adds one says what it asks the door.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pycrdt import Map, Text
from starlette.routing import Route, WebSocketRoute

from app.live import wire
from app.settings import Settings
from app.web import create_app
from protocols.catalogue import Catalogue, Protocol
from protocols.instruments import Voice
from protocols.rights import board_right, may_act, may_answer, may_ask
from tests.app.boards import open_board, refused_with
from tests.app.driving import EVENING, Person, Rondom
from tests.app.test_rehearsal import jump, rehearse

PROTOCOLS = Catalogue.of_library().all()
NOBODY = "nobody-of-this-name"
# Whether the table gives something in a phase to a role, on a side, who may be the central person.
Given = Callable[[str, str, str, bool], bool]

# Each act with requests that ask for it and harm nobody: whom they name is nobody. A path that begins with / is a page.
ACTS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "add_person": [("POST", "people", {"name": "x", "role": "no_such_role"})],
    "manage_people": [
        ("PATCH", f"people/{NOBODY}", {"name": "x"}),
        ("POST", f"people/{NOBODY}/remove", {}),
        ("POST", f"people/{NOBODY}/link", {}),
        ("POST", f"people/{NOBODY}/link/revoke", {}),
        ("POST", f"people/{NOBODY}/prepared", {"prepared": True}),
        ("POST", f"people/{NOBODY}/safety", {"safe": True}),
        ("GET", "/circle", {}),
    ],
    "look_up_contact": [("POST", f"people/{NOBODY}/contact/look", {})],
    "consent": [("POST", f"people/{NOBODY}/consent", {"answer": "yes"})],
    "set_question": [("POST", "question", {"text": "Wat is er nodig?"})],
    "set_appointment": [("POST", "appointment", {"starts_at": EVENING, "place": "Hier"})],
    "say_yes_to_meeting": [("POST", "yes-to-meeting", {"answer": "yes"})],
    "say_go": [("POST", "go", {"answer": "yes"})],
    "say_independent": [("POST", "independent", {"answer": "yes"})],
    "give_statement": [("POST", "statement", {"text": "Ik wil thuis blijven."})],
    "give_view": [("POST", "view", {"text": "Zo zie ik het."})],
    "set_bottom_line": [("POST", "bottom-lines", {"what": "Veilig slapen", "why": "Het moet."})],
    "set_late_bottom_line": [("POST", "bottom-lines", {"what": "Veilig slapen", "why": "Het moet."})],
    "read_bottom_lines_aloud": [("POST", "bottom-lines/read-aloud", {})],
    "give_verdict": [("POST", f"bottom-lines/{NOBODY}/verdict", {"enough": True})],
    "say_no_questions": [("POST", "no-questions", {"answer": "yes"})],
    "say_ready": [("POST", "ready", {"ready": True})],
    "call": [("POST", "call", {"for": NOBODY}), ("POST", "call/end", {})],
    "say_stance": [("POST", "boards/{board}/rows/nergens/stance", {"answer": "agree"})],
    "show_board": [("POST", f"boards/{NOBODY}/showing", {"to": []})],
    "answer_agreement": [("POST", "agreements/nergens/yes", {}), ("POST", "agreements/nergens/no", {})],
    "sign": [("POST", "signature", {"sha256": "x", "choice": "not_signing"})],
    "read_plan": [("GET", "plan", {}), ("GET", "/plan", {})],
    "look_ahead": [("GET", "phases", {})],
    "hand_over_lead": [
        ("GET", "lead", {}),
        ("POST", "lead/take-back", {"participant": NOBODY}),
        ("POST", "lead/leave", {}),
    ],
}
# What these ask is seen in the state, which shows each part only to who may see it (test_leaks, test_private_time).
SEEN_IN_THE_STATE = {"see_people", "see_answers", "read_sheet", "read_bottom_lines"}
# Either of two acts opens this door, by the phase.
TWINS = {"set_bottom_line": "set_late_bottom_line", "set_late_bottom_line": "set_bottom_line"}
# Routes that ask something else than an act: a board, a voice, a move of the machine, or only who somebody is.
ELSEWHERE = {
    "GET ": "oneself",
    "GET /": "oneself",
    "WS events": "oneself",
    "POST language": "oneself",
    "GET boards/{board}": "a board",
    "GET /boards/{board}": "a board",
    "WS boards/{board}": "a board",
    "GET boards/{board}/restore-points": "a board",
    "POST boards/{board}/restore-points": "a board",
    "GET boards/{board}/restore-points/{point}": "a board",
    "POST voices/{voice}/ask": "a voice",
    "POST voices/{voice}/answer": "a voice",
    "POST voices/{voice}/show": "a voice",
    "POST moves/{move}": "the machine",
    "POST moves/{move}/confirm": "the machine",
    "POST moves/{move}/not-yet": "the machine",
    "POST lead": "hand_over_lead, which makes somebody real: refused in a rehearsal",
    "POST rehearsal/look-as": "a rehearsal",
    "POST rehearsal/jump": "a rehearsal",
    "POST rehearsal/done": "a rehearsal",
}


class Cast:
    """A rehearsal with everybody of a protocol, each to act as."""

    def __init__(self, rondom: Rondom, protocol: Protocol) -> None:
        self.definition = protocol.definition
        self.lead = rehearse(rondom.coordinator(), self.definition.id)
        self.people: list[tuple[Person, dict[str, Any]]] = []
        for about in self.lead.state()["people"]:
            self.lead.does("rehearsal/look-as", participant=about["id"])
            self.people.append((Person(about["id"], self.lead.browser), about))

    def here(self) -> Iterator[tuple[Person, tuple[str, str, bool]]]:
        """Yield everybody with their role, side and whether it is about them."""
        for person, about in self.people:
            yield person, (about["role"], about["side"], about["central"])

    def everywhere(self) -> Iterator[tuple[str, Person, tuple[str, str, bool]]]:
        """Go to each phase, and yield everybody in it."""
        for phase in self.definition.phases:
            jump(self.lead, phase)
            for person, who in self.here():
                yield phase, person, who


@pytest.fixture(params=PROTOCOLS, ids=lambda protocol: protocol.definition.id)
def cast(request: pytest.FixtureRequest, rondom: Rondom) -> Cast:
    return Cast(rondom, request.param)


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def address_of(participant: str, method: str, path: str) -> str:
    """The address of a request: of a page, of a websocket, or of the JSON API."""
    place = "/ws/m" if method == "WS" else "/m" if path.startswith("/") else "/api/m"
    return f"{place}/{participant}/{path.removeprefix('/')}".rstrip("/")


def asks(person: Person, method: str, path: str, body: dict[str, Any]) -> int:
    address = address_of(person.id, method, path)
    answer = person.browser.request(method, address, json=body if method != "GET" else None)
    assert answer.status_code < 500, f"{method} {address}: {answer.text}"
    return answer.status_code


def every_route(routes: Iterable[Any]) -> Iterator[str]:
    """Yield each method and path that an app answers, pages and websockets too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from every_route(inner.routes)
        elif isinstance(route, WebSocketRoute):
            yield f"WS {route.path}"
        elif isinstance(route, Route):
            yield from (f"{method} {route.path}" for method in route.methods or ())


def test_every_route_of_a_meeting_asks_something_that_stands_in_this_table(tmp_path: Any) -> None:
    app = create_app(Settings(_env_file=None, data=tmp_path))
    # Whatever else names somebody of a meeting in its address is about that meeting too.
    routes = {route for route in every_route(app.routes) if "{participant}" in route}
    described = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    assert {route for route in described if "/m/" in route} < routes
    known = {_route(*route.split(" ", 1)) for route in ELSEWHERE}
    for requests in ACTS.values():
        known |= {_route(method, _template(path)) for method, path, _body in requests}
    assert routes == known
    named = {act for protocol in PROTOCOLS for act in protocol.definition.acts}
    assert named <= ACTS.keys() | SEEN_IN_THE_STATE


def _route(method: str, path: str) -> str:
    return f"{method} {address_of('{participant}', method, path)}"


def _template(path: str) -> str:
    for part, placeholder in (
        (f"people/{NOBODY}", "people/{person}"),
        (f"bottom-lines/{NOBODY}", "bottom-lines/{line}"),
        (f"boards/{NOBODY}", "boards/{board}"),
        ("agreements/nergens", "agreements/{row}"),
        ("rows/nergens", "rows/{row}"),
    ):
        path = path.replace(part, placeholder)
    return path


@dataclass(frozen=True)
class Cell:
    """One cell of the table: an act, or a voice, in a phase by somebody, and whether it is the first of their role."""

    phase: str
    role: str
    first_of_role: bool = False


def covering(cells: list[Cell], number: int) -> Iterator[Cell]:
    """Choose as few cells as will do for each role and each phase among them to be tried at least once.

    In each cell the door is asked by the state (the next test); a refused request takes much longer than that look.
    `number` begins elsewhere, so that acts differ in the cells that are left out.
    """
    roles: set[str] = set()
    phases: set[str] = set()
    begin = number * 7 % len(cells) if cells else 0
    for enough in (all, any):
        for cell in cells[begin:] + cells[:begin]:
            if enough((cell.role not in roles, cell.phase not in phases)):
                yield replace(cell, first_of_role=cell.role not in roles)
                roles.add(cell.role)
                phases.add(cell.phase)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_nobody_does_what_the_table_does_not_give_them(cast: Cast) -> None:
    definition = cast.definition
    cells = [
        (phase, (about["role"], about["side"], about["central"]))
        for phase in definition.phases
        for _, about in cast.people
    ]
    # By phase and role: what is asked there, each with whether all further requests for it are asked too.
    to_ask: dict[tuple[str, str], list[tuple[str, str, dict[str, Any]]]] = {}

    def refuse(number: int, requests: list[tuple[str, str, dict[str, Any]]], given: Given) -> None:
        refused = [Cell(phase, who[0]) for phase, who in cells if not given(phase, *who)]
        chosen = list(covering(refused, number))
        assert {cell.role for cell in chosen} == {cell.role for cell in refused}
        assert {cell.phase for cell in chosen} == {cell.phase for cell in refused}
        for cell in chosen:
            # The further requests for an act ask the same door: each role tries them once.
            to_ask.setdefault((cell.phase, cell.role), []).extend(requests if cell.first_of_role else requests[:1])

    def does(act: str) -> Given:
        def given(phase: str, role: str, side: str, central: bool) -> bool:
            # Two acts can share a door.
            return any(may_act(definition, phase, role, side, central, one) for one in (act, TWINS.get(act, "")))

        return given

    def is_asked(voice: Voice) -> Given:
        return lambda *cell: may_answer(voice, *cell)

    def asks_everybody(voice: Voice) -> Given:
        return lambda *cell: may_ask(voice, *cell)

    for number, (act, requests) in enumerate(ACTS.items()):
        refuse(number, requests, does(act))
    for number, (voice, made) in enumerate(definition.voices.items()):
        body: dict[str, Any] = {"answer": "yes"} if made.kind == "round" else {"numbers": [{"number": 5}]}
        refuse(number, [("POST", f"voices/{voice}/answer", body)], is_asked(made))
        refuse(number, [("POST", f"voices/{voice}/{act}", {}) for act in ("ask", "show")], asks_everybody(made))

    board = next(iter(definition.boards))
    for phase, person, who in cast.everywhere():
        for method, path, body in to_ask.pop((phase, who[0]), []):
            assert asks(person, method, path.replace("{board}", board), body) == 403, (phase, who, method, path)
    assert to_ask == {}


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_the_table_gives_somebody_is_not_refused_for_who_they_are(cast: Cast) -> None:
    tried = set()
    for phase, person, who in cast.everywhere():
        # In every cell, what the door itself says of every act.
        given = {act for act in cast.definition.acts if may_act(cast.definition, phase, *who, act)}
        assert set(person.state()["acts"]) == given, (phase, who)
        for act in given & ACTS.keys():
            if (phase, act) in tried or act == "hand_over_lead":
                continue
            tried.add((phase, act))
            method, path, body = ACTS[act][0]
            answer = asks(person, method, path.replace("{board}", next(iter(cast.definition.boards))), body)
            # Of those who decide along only some decide, and not each phase has a board to disagree on.
            assert answer != 403 or act in ("consent", "say_yes_to_meeting", "say_go", "say_stance"), (phase, who, act)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_each_cell_of_role_phase_and_board_holds_over_http_and_over_the_websocket(
    cast: Cast, loop: asyncio.Runner
) -> None:
    definition, opened = cast.definition, 0

    def root_of(document: Any, board: str) -> Any:
        """The first of the board's own roots: a text, or rows."""
        one = definition.boards[board].instruments[0]
        if one.kind == "text":
            return document.get(one.id, type=Text)
        if one.kind == "houses":
            return document.get(f"{one.id}.{one.houses[0]}", type=Text)
        return document.get(one.id, type=Map)

    def write(root: Any, person: Person, mark: str) -> None:
        if isinstance(root, Text):
            root += mark
        else:
            root[person.id] = Map({"order": "a0", "text": Text(mark)})

    async def look(person: Person, board: str, right: str | None, mark: str, written: dict[str, set[str]]) -> None:
        """Open a board, see there what those before could write and not what they could not, and try to write."""
        async with open_board(person, board) as open_:
            await open_.saved()
            root = root_of(open_.document, board)
            there = str(root) if isinstance(root, Text) else str(root.to_py())
            assert all(one in there for one in written["write"]), (mark, board)
            assert not any(one in there for one in written["read"]), (mark, board)
            if not mark:
                return
            write(root, person, mark)
            if right == "read":
                await open_.until(lambda b: b.denials or b.closed_with is not None)
                # A sync answer is no offence, and nothing of it is taken either.
                open_.send(wire.sync_step_2(open_.document.get_update()))
            await open_.saved()
            assert open_.denials == ([wire.READ_ONLY] if right == "read" else []), (mark, board)
            assert open_.closed_with is None
            written[str(right)].add(mark)

    for phase in definition.phases:
        jump(cast.lead, phase)
        for board in definition.boards:
            written: dict[str, set[str]] = {"read": set(), "write": set()}
            last = None
            for person, who in cast.here():
                right = board_right(definition, phase, *who, board)
                status = 200 if right in ("read", "write") else 403
                assert asks(person, "GET", f"boards/{board}", {}) == status, (phase, who, board)
                if board == list(definition.boards)[len(phase) % len(definition.boards)]:
                    assert asks(person, "GET", f"/boards/{board}", {}) == status, (phase, who, board)
                points = asks(person, "GET", f"boards/{board}/restore-points", {})
                assert points == (200 if right == "write" else 403), (phase, who, board)
                if status == 403:
                    assert loop.run(refused_with(person, board)) == 403, (phase, board)
                else:
                    loop.run(look(person, board, right, f"<{phase} {who[0]}>", written))
                    last, opened = person, opened + 1
            if last is not None:
                loop.run(look(last, board, None, "", written))
        for person, who in cast.here():
            seen = {board["id"]: board["access"] for board in person.state()["boards"]}
            rights = {board: board_right(definition, phase, *who, board) for board in definition.boards}
            assert seen == {board: right for board, right in rights.items() if right in ("read", "write")}, (phase, who)
    assert opened > 20

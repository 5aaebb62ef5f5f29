"""The table of role × phase × board or act, tried cell by cell: over HTTP and over websockets, in each protocol.

A rehearsal has one person for each role and goes to any phase. A route that no row of this file knows fails here: who
adds one says what it asks the door.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pycrdt import Map

from app.settings import Settings
from app.web import create_app
from protocols.catalogue import Catalogue, Protocol
from protocols.rights import board_right, may_act, may_answer, may_ask
from tests.app.boards import open_board, refused_with
from tests.app.driving import Person, Rondom
from tests.app.test_rehearsal import jump, rehearse

PROTOCOLS = Catalogue.of_library().all()
NOBODY = "nobody-of-this-name"

# Each act with a request that asks for it and harms nobody: whom it names is nobody.
ACTS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "add_person": [("POST", "people", {"name": "x", "role": "no_such_role"})],
    "manage_people": [
        ("PATCH", f"people/{NOBODY}", {"name": "x"}),
        ("POST", f"people/{NOBODY}/remove", {}),
        ("POST", f"people/{NOBODY}/link", {}),
        ("POST", f"people/{NOBODY}/link/revoke", {}),
        ("POST", f"people/{NOBODY}/prepared", {"prepared": True}),
        ("POST", f"people/{NOBODY}/safety", {"safe": True}),
    ],
    "look_up_contact": [("POST", f"people/{NOBODY}/contact/look", {})],
    "consent": [("POST", f"people/{NOBODY}/consent", {"answer": "yes"})],
    "set_question": [("POST", "question", {"text": "Wat is er nodig?"})],
    "set_appointment": [("POST", "appointment", {"starts_at": "2026-12-07T19:00", "place": "Hier"})],
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
    "read_plan": [("GET", "plan", {})],
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
    "POST language": "oneself",
    "GET boards/{board}": "a board",
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

    def everywhere(self) -> Iterator[tuple[str, Person, tuple[str, str, bool]]]:
        """Go to each phase, and yield everybody in it with their role, side and whether it is about them."""
        for phase in self.definition.phases:
            jump(self.lead, phase)
            for person, about in self.people:
                yield phase, person, (about["role"], about["side"], about["central"])


@pytest.fixture(params=PROTOCOLS, ids=lambda protocol: protocol.definition.id)
def cast(request: pytest.FixtureRequest, rondom: Rondom) -> Cast:
    return Cast(rondom, request.param)


def asks(person: Person, method: str, path: str, body: dict[str, Any]) -> int:
    address = f"/api/m/{person.id}/{path}".rstrip("/")
    answer = person.browser.request(method, address, json=body if method != "GET" else None)
    assert answer.status_code < 500, f"{method} {address}: {answer.text}"
    return answer.status_code


def test_every_route_of_a_meeting_asks_something_that_stands_in_this_table(tmp_path: Any) -> None:
    paths = create_app(Settings(_env_file=None, data=tmp_path)).openapi()["paths"]
    routes = {
        f"{method.upper()} {path.removeprefix('/api/m/{participant}').lstrip('/')}"
        for path, methods in paths.items()
        if path.startswith("/api/m/")
        for method in methods
    }
    known = set(ELSEWHERE)
    for requests in ACTS.values():
        known |= {f"{method} {_template(path)}" for method, path, _body in requests}
    assert routes == known
    named = {act for protocol in PROTOCOLS for act in protocol.definition.acts}
    assert named <= ACTS.keys() | SEEN_IN_THE_STATE


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


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_nobody_does_what_the_table_does_not_give_them(cast: Cast) -> None:
    definition, refused = cast.definition, 0
    phases, tried = list(definition.phases), set()
    for phase, person, who in cast.everywhere():
        for act, requests in ACTS.items():
            if may_act(definition, phase, *who, act) or may_act(definition, phase, *who, TWINS.get(act, "")):
                continue
            # One of each side, in a third of the phases, another third for each act: the door looks up the very table
            # that this test reads, and each request takes the server much longer than the look.
            if (phase, who[1:], act) in tried or (phases.index(phase) + list(ACTS).index(act)) % 3:
                continue
            tried.add((phase, who[1:], act))
            # The further requests for an act ask the same door; once is enough.
            for method, path, body in requests if phase == definition.first_phase else requests[:1]:
                path = path.replace("{board}", next(iter(definition.boards)))
                assert asks(person, method, path, body) == 403, (phase, who, act)
                refused += 1
        for voice, made in definition.voices.items():
            if (phase, who[1:], voice) in tried:
                continue
            tried.add((phase, who[1:], voice))
            if not may_ask(made, phase, *who):
                assert asks(person, "POST", f"voices/{voice}/ask", {}) == 403, (phase, who, voice)
                assert asks(person, "POST", f"voices/{voice}/show", {}) == 403, (phase, who, voice)
            if not may_answer(made, phase, *who):
                body = {"answer": "yes"} if made.kind == "round" else {"numbers": [{"number": 5}]}
                assert asks(person, "POST", f"voices/{voice}/answer", body) == 403, (phase, who, voice)
    assert refused > 100


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_the_table_gives_somebody_is_not_refused_for_who_they_are(cast: Cast) -> None:
    tried = set()
    for phase, person, who in cast.everywhere():
        shown = person.state()["acts"]
        for act in ACTS:
            if not may_act(cast.definition, phase, *who, act):
                assert act not in shown
                continue
            assert act in shown, (phase, who, act)
            if (phase, act) in tried or act == "hand_over_lead":
                continue
            tried.add((phase, act))
            method, path, body = ACTS[act][0]
            answer = asks(person, method, path.replace("{board}", next(iter(cast.definition.boards))), body)
            # Of those who decide along only some decide, and not each phase has a board to disagree on.
            assert answer != 403 or act in ("consent", "say_yes_to_meeting", "say_go", "say_stance"), (phase, who, act)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_each_cell_of_role_phase_and_board_holds_over_http_and_over_the_websocket(cast: Cast) -> None:
    definition, opened = cast.definition, 0

    async def look(phase: str, person: Person, board: str, right: str | None) -> int:
        if right not in ("read", "write"):
            assert await refused_with(person, board) == 403, (phase, board)
            return 0
        async with open_board(person, board) as open_:
            await open_.saved()
            assert open_.closed_with is None
            if right == "read":
                open_.document.get(next(iter(definition.boards[board].instruments)).id + "x", type=Map)["a"] = 1
                await open_.until(lambda b: b.denials or b.closed_with is not None)
        return 1

    for phase, person, who in cast.everywhere():
        seen = {board["id"]: board["access"] for board in person.state()["boards"]}
        for board in definition.boards:
            right = board_right(definition, phase, *who, board)
            assert seen.get(board) == (right if right in ("read", "write") else None), (phase, who, board)
            status = 200 if right in ("read", "write") else 403
            assert asks(person, "GET", f"boards/{board}", {}) == status, (phase, who, board)
            if board == list(definition.boards)[len(phase) % len(definition.boards)]:
                assert person.browser.get(f"/m/{person.id}/boards/{board}").status_code == status, (phase, who, board)
            points = asks(person, "GET", f"boards/{board}/restore-points", {})
            assert points == (200 if right == "write" else 403), (phase, who, board)
            opened += asyncio.run(look(phase, person, board, right))
    assert opened > 20

"""What nobody should send: it gets one sentence that helps, changes nothing, and is in no log."""

import logging
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from meetings.record import NETHERLANDS
from tests.app.driving import EVENING, Meeting, Person, Rondom, meeting_in

CANARY = "geheimwoord-kersenbloesem"


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "preparation")


def helps(answer: httpx.Response) -> bool:
    """Whether an answer is a refusal with one sentence for a person, in their language."""
    said = answer.json()
    return 400 <= answer.status_code < 500 and said["message"].endswith(".") and CANARY not in answer.text


def raw(person: Person, path: str, body: bytes, kind: str = "application/json") -> httpx.Response:
    return person.browser.post(f"/api/m/{person.id}/{path}", content=body, headers={"content-type": kind})


BODIES: dict[str, bytes] = {
    "no JSON": b"{" + CANARY.encode(),
    "an empty body": b"",
    "a list": b"[1, 2]",
    "a number too long": b'{"text": ' + b"9" * 5000 + b"}",
    "an unknown key": b'{"text": "a", "txet": "' + CANARY.encode() + b'"}',
    "a NUL": b'{"text": "a\\u0000' + CANARY.encode() + b'"}',
    "half a surrogate": b'{"text": "\\ud83d ' + CANARY.encode() + b'"}',
    "broken UTF-8": b'{"text": "\xff\xfe ' + CANARY.encode() + b'"}',
    "a control sign": b'{"text": "a\\u0007' + CANARY.encode() + b'"}',
    "a sign that turns text around": b'{"text": "a\\u202e' + CANARY.encode() + b'"}',
    "a number for words": b'{"text": 12}',
    "nothing for words": b'{"text": null}',
    "far too long": b'{"text": "' + b"a" * 5000 + b'"}',
    "ten megabytes": b'{"text": "' + b"a" * 10_000_000 + b'"}',
    "very deep": b'{"text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_makes_no_sense_is_refused_with_a_sentence(
    meeting: Meeting, name: str, caplog: pytest.LogCaptureFixture
):
    before = meeting.sami.state()
    with caplog.at_level(logging.DEBUG, "rondom"):
        answer = raw(meeting.sami, "statement", BODIES[name])
    assert helps(answer), answer.text[:300]
    after = meeting.sami.state()
    assert after["sheet"] == before["sheet"]
    logged = meeting.rondom.log() + caplog.text
    assert "request" in logged
    assert CANARY not in logged
    assert "Traceback" not in logged


def test_a_body_of_another_kind_is_refused(meeting: Meeting):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = raw(meeting.sami, "statement", b'{"text": "a"}', kind)
        assert answer.status_code == 415
        assert helps(answer)


def test_a_name_of_ten_megabytes_is_refused_before_it_is_read(meeting: Meeting):
    answer = meeting.marieke.post("people", {"name": "a" * 10_000_000, "role": "family"})
    assert answer.status_code == 413
    assert helps(answer)


def test_a_body_that_grows_without_saying_how_big_is_refused(meeting: Meeting):
    def endless() -> Any:
        for _ in range(200):
            yield b"a" * 10_000

    answer = meeting.sami.browser.post(
        f"/api/m/{meeting.sami.id}/statement", content=endless(), headers={"content-type": "application/json"}
    )
    assert helps(answer)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people/nobody/consent", {"answer": "yes"}),
        ("people/nobody/link", None),
        ("agreements/nothing/yes", None),
        ("moves/nowhere", {"version": 0}),
        ("bottom-lines/nothing/verdict", {"enough": True}),
        ("people/%2e%2e%2fetc/link", None),
        ("people/" + "x" * 3000 + "/link", None),
    ],
)
def test_an_unknown_id_is_refused(meeting: Meeting, path: str, body: dict[str, Any] | None):
    for person in (meeting.marieke, meeting.sami, meeting.linda):
        assert helps(person.post(path, body))


def test_an_unknown_participant_and_a_stranger_get_the_same_answer(meeting: Meeting, rondom: Rondom):
    stranger = rondom.browser()
    answers = [stranger.get(f"/api/m/{id_}") for id_ in (meeting.sami.id, "nobody", "x" * 500)]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


def test_a_page_says_it_on_a_page(meeting: Meeting, rondom: Rondom):
    page = rondom.browser().get(f"/m/{meeting.sami.id}", headers={"accept": "text/html", "accept-language": "nl"})
    assert page.status_code == 401
    assert page.headers["content-type"].startswith("text/html")
    assert "Gevaar?" in page.text
    nowhere = rondom.browser().get("/nergens", headers={"accept": "text/html"})
    assert nowhere.status_code == 404
    assert "Gevaar?" in nowhere.text


def test_a_wrong_way_of_asking_is_told(meeting: Meeting):
    answer = meeting.sami.browser.delete(f"/api/m/{meeting.sami.id}")
    assert answer.status_code == 405
    assert helps(answer)


@pytest.mark.parametrize(
    "about",
    [
        {"starts_at": "gisteren", "place": "De Linde"},
        {"starts_at": "2026-13-45T19:00", "place": "De Linde"},
        {"starts_at": 10**30, "place": "De Linde"},
        {"starts_at": EVENING, "place": "x" * 300},
        {"starts_at": EVENING, "place": ""},
        {"starts_at": EVENING, "place": "   "},
        {"starts_at": "2026-10-01T19:00", "place": "De Linde"},
    ],
)
def test_a_day_that_is_none_is_refused(meeting: Meeting, about: dict[str, Any]):
    assert helps(meeting.marieke.post("appointment", about))
    assert meeting.marieke.state()["meeting"]["appointment"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"who": ["nobody-here"]},
        {"when": {"kind": "rhythm", "every": "century"}},
        {"when": {"kind": "date", "date": "31-12-2026"}},
        {"what": "a\u0000b"},
        {"what": "a" * 5000},
        {"row": "../../etc"},
        {"surprise": 1},
    ],
)
def test_a_release_with_something_wrong_in_it_opens_no_door(rondom: Rondom, change: dict[str, Any]):
    meeting = meeting_in(rondom, "private_time")
    version = meeting.sami.state()["version"]
    answer = meeting.sami.post("moves/end_private_time", {"version": version, "release": meeting.plan(**change)})
    assert helps(answer), answer.text[:200]
    assert meeting.sami.state()["phase"] == "private_time"
    assert meeting.sami.move("end_private_time")["pending"] is None


def test_names_in_any_script_are_welcome(meeting: Meeting):
    for name in ("فاطمة", "Zoë-Łucja", "👵🏽 Oma", "O'Neill", "<b>Bo</b>", "{{ 7*7 }}", "'; DROP TABLE meeting; --"):
        added = meeting.marieke.does("people", name=name, role="family")
        assert added["name"] == name
    page = meeting.marieke.browser.get(f"/m/{meeting.marieke.id}/circle").text
    assert "<b>Bo</b>" not in page
    assert "49" not in page.split("{{ 7*7 }}")[0][-20:]


def test_today_is_a_day_to_meet_and_yesterday_is_not(meeting: Meeting):
    today = datetime.now(NETHERLANDS)
    yesterday = today - timedelta(days=1)
    refused = meeting.marieke.post("appointment", {"starts_at": f"{yesterday:%Y-%m-%d}T23:59", "place": "De Linde"})
    assert refused.status_code == 422
    assert refused.json()["message"] == "Deze dag is al voorbij. Kies vandaag of een dag daarna."
    assert [item["requirement"] for item in meeting.marieke.move("begin_meeting")["missing"]].count("meeting_appointed")
    meeting.marieke.does("appointment", starts_at=f"{today:%Y-%m-%d}T00:00", place=" De Linde ")
    assert meeting.marieke.state()["meeting"]["appointment"]["place"] == "De Linde"


@pytest.mark.parametrize(
    "change",
    [
        *({field: None} for field in ("name", "role", "relation", "authority", "taking_part", "needs", "contact")),
        {"name": "   "},
        {"role": ""},
        {"taking_part": "maybe"},
        {"id": "x"},
    ],
)
def test_nothing_that_must_be_known_of_somebody_can_be_emptied(meeting: Meeting, change: dict[str, Any]):
    before = meeting.marieke.state()["preparation"]
    answer = meeting.marieke.browser.patch(f"/api/m/{meeting.marieke.id}/people/{meeting.oma.id}", json=change)
    assert answer.status_code == 422
    assert helps(answer)
    assert meeting.marieke.state()["preparation"] == before

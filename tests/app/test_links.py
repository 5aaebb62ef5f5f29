"""Personal links: they show nothing, change nothing until the button, let in again and again, and can be closed."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.settings import Settings
from app.visits import cookie_name
from tests.app.driving import Meeting, Person, Rondom, enter, let_in, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "circle")


def try_to_enter(rondom: Rondom, id_: str, secret: str) -> httpx.Response:
    return rondom.browser().post("/api/enter", json={"id": id_, "secret": secret})


def secret_of(person: Person) -> str:
    return person.link.split("#")[1]


def test_a_link_has_its_secret_in_the_fragment_and_160_bits_of_it(meeting: Meeting):
    assert re.fullmatch(r"http://localhost:\d+/u/[\w-]+#[\w-]{27}", meeting.oma.link)


def test_the_picture_of_a_link_is_one_that_a_browser_can_show(meeting: Meeting):
    made = meeting.marieke.does(f"people/{meeting.oma.id}/link")
    assert made["qr_svg"].startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def test_looking_at_a_link_shows_nobody_and_changes_nothing(meeting: Meeting, rondom: Rondom):
    before = rondom.count("event"), rondom.count("visit")
    browser = rondom.browser()
    page = browser.get(f"/u/{meeting.oma.id}")
    stranger = browser.get("/u/nobody-has-this-id")
    assert page.status_code == stranger.status_code == 200
    assert page.text == stranger.text
    assert "Sami" not in page.text
    assert not browser.cookies
    assert (rondom.count("event"), rondom.count("visit")) == before


def test_a_link_lets_in_again_and_again_with_a_cookie_no_script_can_read(meeting: Meeting, rondom: Rondom):
    for _ in range(2):
        answer = try_to_enter(rondom, meeting.oma.id, secret_of(meeting.oma))
        assert answer.json() == {"location": f"/m/{meeting.oma.id}"}
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"rondom-{meeting.oma.id}=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie


def test_over_https_the_cookie_carries_the_host_prefix_and_secure():
    settings = Settings(_env_file=None, origin="https://rondom.example")
    assert settings.secure
    assert cookie_name("x", settings) == "__Host-rondom-x"


def test_every_link_that_does_not_work_gets_the_same_answer(meeting: Meeting, rondom: Rondom):
    revoked = let_in(rondom, meeting.marieke, meeting.linda.id)
    meeting.marieke.does(f"people/{meeting.linda.id}/link/revoke")
    expired = meeting.oma
    rondom.change("UPDATE link SET expires_at = '2020-01-01 00:00:00.000000' WHERE holder_id = ?", expired.id)
    answers = [
        try_to_enter(rondom, meeting.mama.id, "wrong" * 5),
        try_to_enter(rondom, "nobody-has-this-id", secret_of(meeting.mama)),
        try_to_enter(rondom, revoked.id, secret_of(revoked)),
        try_to_enter(rondom, expired.id, secret_of(expired)),
        try_to_enter(rondom, meeting.sami.id, secret_of(meeting.mama)),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "Vraag een nieuwe" in answers[0].json()["message"]


def test_a_new_link_voids_the_old_one_and_who_came_in_by_it(meeting: Meeting, rondom: Rondom):
    old = secret_of(meeting.oma)
    renewed = meeting.marieke.does(f"people/{meeting.oma.id}/link")["link"]
    assert try_to_enter(rondom, meeting.oma.id, old).status_code == 404
    assert meeting.oma.browser.get(f"/api/m/{meeting.oma.id}").status_code == 401
    assert enter(rondom.browser(), renewed).state()["me"]["name"] == "Oma Fatma"


def test_a_cookie_of_one_is_no_cookie_of_another(meeting: Meeting):
    answer = meeting.oma.browser.get(f"/api/m/{meeting.mama.id}")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_two_people_in_one_browser_each_keep_their_own_screen(meeting: Meeting, rondom: Rondom):
    phone = rondom.browser()
    mama, sami = enter(phone, meeting.mama.link), enter(phone, meeting.sami.link)
    assert mama.state()["me"]["name"] == "Leyla"
    assert sami.state()["me"]["name"] == "Sami"
    assert "Leyla" in phone.get(f"/m/{mama.id}").text


def test_the_coordinator_shows_a_link_as_a_qr_code(meeting: Meeting):
    made = meeting.marieke.does(f"people/{meeting.oma.id}/link")
    assert made["qr_svg"].startswith("<svg")


def test_nobody_but_the_coordinator_makes_or_closes_links(meeting: Meeting):
    for person in (meeting.sami, meeting.linda):
        assert person.post(f"people/{meeting.oma.id}/link").status_code == 403
        assert person.post(f"people/{meeting.oma.id}/link/revoke").status_code == 403


def test_guessing_is_slowed_and_a_right_link_is_not_counted(meeting: Meeting, rondom: Rondom):
    for _ in range(25):
        last = try_to_enter(rondom, meeting.oma.id, "guess")
    assert last.status_code == 429
    assert "minuut" in last.json()["message"]


def test_no_list_and_no_page_ever_shows_a_secret(meeting: Meeting):
    everything = "".join(
        meeting.marieke.browser.get(path).text
        for path in (f"/api/m/{meeting.marieke.id}", f"/m/{meeting.marieke.id}", f"/m/{meeting.marieke.id}/circle")
    )
    for person in meeting.everybody[1:]:
        assert secret_of(person) not in everything


@pytest.mark.parametrize("path", ["/m/{id}", "/api/m/{id}"])
def test_who_comes_back_within_a_month_stays_in_and_gets_the_cookie_for_another_month(
    meeting: Meeting, rondom: Rondom, path: str
):
    oma = meeting.oma
    before = dict(oma.browser.cookies)
    assert "set-cookie" not in oma.browser.get(path.format(id=oma.id)).headers
    for _ in range(2):
        _was_seen(rondom, oma, timedelta(days=29))
        answer = oma.browser.get(path.format(id=oma.id))
        assert answer.is_success
        assert "Max-Age=2592000" in answer.headers["set-cookie"]
    assert dict(oma.browser.cookies) == before
    _was_seen(rondom, oma, timedelta(days=31))
    assert oma.browser.get(path.format(id=oma.id)).status_code == 401


def _was_seen(rondom: Rondom, person: Person, ago: timedelta) -> None:
    moment = (datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f")
    rondom.change("UPDATE visit SET seen_at = ? WHERE holder_id = ?", moment, person.id)

"""Handing over the lead: a colleague comes in first, then who led steps back; and the same way back."""

import httpx
import pytest

from app.live import connection as closing
from tests.app.boards import open_board, open_events
from tests.app.driving import Meeting, Person, Rondom, enter, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


def let_a_colleague_in(rondom: Rondom, leads: Person, name: str = "Anja") -> Person:
    return enter(rondom.browser(), leads.does("lead", name=name)["link"])


def colleagues_of(person: Person) -> list[tuple[str, bool]]:
    answer = person.browser.get(f"/api/m/{person.id}/lead")
    assert answer.status_code == 200, answer.text
    return [(one["name"], one["came_in"]) for one in answer.json()["colleagues"]]


def events_of(rondom: Rondom) -> list[str]:
    return [kind for (kind,) in rondom.store.ask("SELECT kind FROM event ORDER BY sequence")]


def test_a_colleague_gets_a_link_that_is_shown_once_and_leads_along(meeting: Meeting, rondom: Rondom):
    made = meeting.marieke.does("lead", name="Anja", contact="anja@organisatie.example")
    assert made["link"].startswith(f"{rondom.origin}/u/")
    assert made["qr_svg"].startswith("<svg")
    assert colleagues_of(meeting.marieke) == [("Anja", False)]
    anja = enter(rondom.browser(), made["link"])
    assert colleagues_of(meeting.marieke) == [("Anja", True)]
    me = anja.state()["me"]
    assert (me["role"], me["side"]) == ("coordinator", "facilitator")
    assert set(anja.state()["acts"]) == set(meeting.marieke.state()["acts"])
    assert "Anja" in [person["name"] for person in meeting.sami.state()["people"]]
    assert "lead_offered" in events_of(rondom)


def test_a_meeting_is_never_without_somebody_who_leads_it(meeting: Meeting):
    for asked in (False, True):
        if asked:
            meeting.marieke.does("lead", name="Anja")
        refused = meeting.marieke.post("lead/leave")
        assert refused.status_code == 409
        assert refused.json()["code"] == "nobody_leads_yet"
        assert "wacht tot uw collega binnen is" in refused.json()["message"]
    assert meeting.marieke.state()["phase"] == "agreement"


async def test_who_steps_back_is_off_the_list_and_out_at_once_and_the_colleague_moves_on(
    meeting: Meeting, rondom: Rondom
):
    anja = let_a_colleague_in(rondom, meeting.marieke)
    async with open_events(meeting.marieke) as screen, open_board(meeting.marieke, "plan") as board:
        await board.saved()
        assert meeting.marieke.does("lead/leave") == {"location": "/meetings"}
        await board.until(lambda b: b.closed_with is not None)
        assert board.closed_with in (closing.NO_ACCESS, closing.NOT_SIGNED_IN)
        await screen.socket.wait_closed()
        assert screen.socket.close_code == closing.NOT_SIGNED_IN
    assert meeting.marieke.browser.get(f"/api/m/{meeting.marieke.id}").status_code == 401
    assert "Marieke" not in [person["name"] for person in meeting.sami.state()["people"]]
    assert meeting.sami.state()["phase"] == "agreement"
    anja.moves("back_to_private_time", reason="De kring wil nog overleggen.")
    assert meeting.sami.state()["phase"] == "private_time"
    assert "lead_handed_over" in events_of(rondom)


def test_an_account_no_longer_lists_what_it_no_longer_leads(meeting: Meeting, rondom: Rondom):
    browser: httpx.Client = meeting.marieke.browser
    assert len(browser.get("/api/meetings").json()["meetings"]) == 1
    let_a_colleague_in(rondom, meeting.marieke)
    meeting.marieke.does("lead/leave")
    assert browser.get("/api/meetings").json()["meetings"] == []
    assert browser.get("/meetings").status_code == 200


def test_the_colleague_hands_it_back_in_the_same_way(meeting: Meeting, rondom: Rondom):
    anja = let_a_colleague_in(rondom, meeting.marieke)
    meeting.marieke.does("lead/leave")
    again = let_a_colleague_in(rondom, anja, "Marieke")
    assert anja.does("lead/leave") == {"location": "/"}
    assert anja.browser.get(f"/api/m/{anja.id}").status_code == 401
    assert anja.browser.post("/api/enter", json=_link_of(anja)).status_code == 404
    assert again.state()["me"]["side"] == "facilitator"
    assert again.post("lead/leave").status_code == 409


def test_a_colleague_who_has_not_come_in_can_be_taken_off_and_one_who_leads_cannot(meeting: Meeting, rondom: Rondom):
    made = meeting.marieke.does("lead", name="Anja")
    asked = made["link"].split("/u/")[1].split("#")[0]
    assert meeting.marieke.does("lead/take-back", participant=asked) == {"colleagues": []}
    assert rondom.browser().post("/api/enter", json=_link_of(Person(asked, rondom.browser(), made["link"]))).is_error
    anja = let_a_colleague_in(rondom, meeting.marieke)
    refused = meeting.marieke.post("lead/take-back", {"participant": anja.id})
    assert refused.status_code == 409
    assert "Anja is al binnen" in refused.json()["message"]
    for other in (meeting.sami.id, meeting.marieke.id):
        assert meeting.marieke.post("lead/take-back", {"participant": other}).status_code == 404


def test_a_colleague_whose_link_was_closed_again_does_not_lead(meeting: Meeting, rondom: Rondom):
    anja = let_a_colleague_in(rondom, meeting.marieke)
    meeting.marieke.does(f"people/{anja.id}/link/revoke")
    assert meeting.marieke.post("lead/leave").json()["code"] == "nobody_leads_yet"


def test_nobody_else_hands_over_the_lead_and_not_in_private_time(meeting: Meeting):
    for person in (*meeting.circle, meeting.linda):
        assert person.post("lead", {"name": "Vriend"}).status_code == 403
        assert person.post("lead/leave").status_code == 403
        assert person.post("lead/take-back", {"participant": meeting.marieke.id}).status_code == 403
        assert person.browser.get(f"/api/m/{person.id}/lead").status_code == 403
    meeting.marieke.moves("back_to_private_time", reason="De kring wil nog overleggen.")
    assert meeting.marieke.post("lead", {"name": "Anja"}).status_code == 403


def _link_of(person: Person) -> dict[str, str]:
    id_, secret = person.link.split("/u/")[1].split("#")
    return {"id": id_, "secret": secret}

"""Looking ahead: who leads reads what later phases are like; nothing moves, and nobody else notices."""

import asyncio

import pytest

from tests.app.boards import open_board, open_events
from tests.app.driving import Meeting, Person, Rondom, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "preparation")


def phases_seen_by(person: Person) -> list[dict[str, object]]:
    answer = person.browser.get(f"/api/m/{person.id}/phases")
    assert answer.status_code == 200, answer.text
    phases: list[dict[str, object]] = answer.json()
    return phases


def test_who_leads_reads_each_phase_in_order_with_what_it_asks_of_them(meeting: Meeting):
    phases = phases_seen_by(meeting.marieke)
    assert [phase["id"] for phase in phases[:4]] == ["referral", "match", "circle", "preparation"]
    places = [phase["place"] for phase in phases]
    assert places == ["done"] * 3 + ["now"] + ["ahead"] * (len(places) - 4)
    private = next(phase for phase in phases if phase["id"] == "private_time")
    assert private["private"] is True
    assert private["minutes"] is None
    agreement = next(phase for phase in phases if phase["id"] == "agreement")
    assert agreement["title"] == "Plan bespreken"
    for part in ("sentence", "agenda", "questions", "do", "dont"):
        assert agreement[part], part


def test_who_leads_no_meeting_is_refused_in_words(meeting: Meeting):
    for person in (*meeting.circle, meeting.linda):
        answer = person.browser.get(f"/api/m/{person.id}/phases")
        assert answer.status_code == 403
        assert answer.json()["message"].startswith("Dit kunt u nu niet doen.")


async def test_looking_ahead_moves_nothing_and_is_told_to_nobody(meeting: Meeting, rondom: Rondom):
    before = (meeting.sami.state()["version"], rondom.count("event"))
    async with open_events(meeting.sami) as sami:
        # Opening the events tells those who are there; after that it is quiet.
        while not await sami.quiet_for(0.3):
            pass
        await asyncio.to_thread(phases_seen_by, meeting.marieke)
        assert await sami.quiet_for(1)
    assert (meeting.sami.state()["version"], rondom.count("event")) == before
    assert meeting.sami.state()["phase"] == "preparation"


async def test_a_lost_connection_of_who_leads_never_moves_the_meeting(rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    before = meeting.sami.state()
    events = rondom.count("event")
    async with open_events(meeting.marieke) as screen, open_board(meeting.marieke, "plan") as board:
        await board.saved()
        # As a dead battery does it: without a word.
        screen.socket.transport.abort()
        board.socket.transport.abort()
        await board.until(lambda b: b.closed_with is not None)
    until = asyncio.get_running_loop().time() + 10
    while any(person["here"] for person in meeting.sami.state()["people"] if person["side"] == "facilitator"):
        assert asyncio.get_running_loop().time() < until, "Marieke still seems to be here."
        await asyncio.sleep(0.02)
    after = meeting.sami.state()
    assert (after["phase"], after["version"], after["since"]) == (before["phase"], before["version"], before["since"])
    assert rondom.count("event") == events

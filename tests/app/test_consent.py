"""Who decides says who may come. A no blocks the invitation, shows to nobody else, and asks no reason."""

import pytest

from tests.app.driving import Meeting, Person, Rondom, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "circle")


@pytest.fixture
def invited(meeting: Meeting) -> str:
    added = meeting.marieke.does("people", name="Ahmed", relation="oom", role="family", contact="06-1")
    return str(added["id"])


def answers(meeting: Meeting, invited: str, sami: str | None, mama: str | None) -> None:
    for person, answer in ((meeting.sami, sami), (meeting.mama, mama)):
        if answer:
            person.does(f"people/{invited}/consent", answer=answer)


def as_seen(person: Person, invited: str) -> list[object]:
    """All that somebody's screens say of an invited person, and of what is still missing."""
    state = person.state()
    managed = (state.get("preparation") or {}).get("people", [])
    return [
        [one for one in managed if one["id"] == invited],
        [one for one in state["people"] if one["id"] == invited],
        [(move["id"], move["missing"]) for move in state["moves"]],
    ]


def test_from_12_to_15_the_child_and_the_parents_both_say_yes(meeting: Meeting, invited: str):
    answers(meeting, invited, "yes", None)
    assert meeting.marieke.post(f"people/{invited}/link").status_code == 409
    answers(meeting, invited, None, "yes")
    assert meeting.marieke.post(f"people/{invited}/link").status_code == 200


@pytest.mark.parametrize(("sami", "mama"), [("no", "yes"), ("yes", "no"), ("no", "no")])
def test_a_no_looks_to_everybody_else_like_an_answer_that_is_not_there_yet(
    meeting: Meeting, invited: str, sami: str, mama: str
):
    others = [meeting.marieke, meeting.oma, meeting.linda]
    for answer, person in ((sami, meeting.sami), (mama, meeting.mama)):
        before = [as_seen(other, invited) for other in others]
        other_decider = meeting.mama if person is meeting.sami else meeting.sami
        seen_by_other = as_seen(other_decider, invited)
        if answer == "no":
            person.does(f"people/{invited}/consent", answer="no")
            assert [as_seen(other, invited) for other in others] == before
            assert as_seen(other_decider, invited) == seen_by_other
    refused = meeting.marieke.post(f"people/{invited}/link")
    assert refused.status_code == 409
    assert "refus" not in refused.text
    assert "nee" not in refused.json()["message"].lower().split()


def test_a_no_and_a_silence_are_told_in_the_same_words(meeting: Meeting):
    first = meeting.marieke.does("people", name="Ahmed", role="family")["id"]
    second = meeting.marieke.does("people", name="Ahmed", role="family")["id"]
    meeting.sami.does(f"people/{first}/consent", answer="no")
    told = [meeting.marieke.post(f"people/{person}/link") for person in (first, second)]
    assert told[0].status_code == told[1].status_code == 409
    assert told[0].json() == told[1].json()
    missing = [
        item["text"]
        for item in meeting.marieke.move("prepare")["missing"]
        if item["requirement"] == "invites_consented"
    ]
    assert len(missing) == 2
    assert missing[0] == missing[1]


def test_an_answer_can_be_changed_and_a_later_no_closes_the_way_in(meeting: Meeting):
    assert meeting.oma.state()["phase"] == "circle"
    meeting.sami.does(f"people/{meeting.oma.id}/consent", answer="no")
    assert meeting.oma.browser.get(f"/api/m/{meeting.oma.id}").status_code == 401
    id_, secret = meeting.oma.link.split("/u/")[1].split("#")
    assert meeting.oma.browser.post("/api/enter", json={"id": id_, "secret": secret}).status_code == 404


def test_only_who_decides_is_asked_and_may_answer(meeting: Meeting, invited: str):
    for person in (meeting.oma, meeting.linda, meeting.marieke):
        assert person.post(f"people/{invited}/consent", {"answer": "yes"}).status_code == 403
        assert "consent" not in [one["kind"] for one in (*person.state()["to_do"], *person.state()["mine"]["answers"])]
    assert [ask["kind"] for ask in meeting.sami.state()["to_do"]] == ["consent", "question"]


@pytest.mark.parametrize("age_band", ["16_17", "18_plus"])
def test_from_16_on_the_central_person_decides_alone(rondom: Rondom, age_band: str):
    browser = rondom.coordinator()
    made = browser.post(
        "/api/meetings",
        json={
            "protocol": "eigen_kracht",
            "title": "Rond Noor",
            "central_person": {"name": "Noor", "age_band": age_band},
        },
    ).json()
    marieke = Person(made["participant"], browser)
    papa = marieke.does("people", name="Henk", role="parent", authority=True)
    noor = next(person for person in marieke.state()["preparation"]["people"] if person["central"])
    assert papa["consent"] == "open"
    missing = marieke.post(f"people/{papa['id']}/link").json()
    assert missing["code"] == "consent_first"
    assert noor["consent"] == "not_needed"


def test_under_12_the_parents_decide(rondom: Rondom):
    browser = rondom.coordinator()
    made = browser.post(
        "/api/meetings",
        json={
            "protocol": "eigen_kracht",
            "title": "Rond Pim",
            "central_person": {"name": "Pim", "age_band": "under_12"},
        },
    ).json()
    marieke = Person(made["participant"], browser)
    missing = marieke.move("accept_referral")["missing"]
    assert [item["requirement"] for item in missing] == ["voluntary_yes"]
    assert "Pim" not in missing[0]["text"]


def test_contact_details_go_to_nobody_and_each_look_is_on_record(meeting: Meeting, rondom: Rondom):
    for person in meeting.everybody:
        for path in (f"/api/m/{person.id}", f"/m/{person.id}", f"/m/{person.id}/circle", "/api/meetings", "/meetings"):
            text = person.browser.get(path).text
            assert "06-55512345" not in text
            assert "linda@school.example" not in text
    before = rondom.count("event")
    assert meeting.marieke.does(f"people/{meeting.oma.id}/contact/look") == {"contact": "06-55512345"}
    assert rondom.count("event") == before + 1
    for person in (meeting.sami, meeting.oma, meeting.linda):
        assert person.post(f"people/{meeting.oma.id}/contact/look").status_code == 403
    assert rondom.count("event") == before + 1

"""The network meeting of family coaching from assignment to handover, by HTTP and websocket (methods.md §6)."""

from typing import Any

import pytest
from pycrdt import Map, Text

from tests.app.boards import Board, open_board, refused_with
from tests.app.driving import EVENING, REVIEW, Person, Rondom
from tests.app.gatherings import gather, invite

People = dict[str, Person]
REASON = "Dat doen we volgende keer."


async def started(rondom: Rondom, frame: str = "voluntary", els: bool = False) -> People:
    """A meeting at the start meeting: coach, Sami of 15, his mother, his grandmother, a neighbour and a worker."""
    mother = {"role": "parent", "relation": "moeder", "authority": True}
    there = gather(rondom, "netwerkberaad", {"leyla": mother}, frame=frame)
    lead, sami, leyla = there["lead"], there["central"], there["leyla"]
    for decider in (sami, leyla):
        decider.does("yes-to-meeting", answer="yes")
    await write_text(leyla, "assignment", "assignment", "Help ons om samen een plan te maken.")
    lead.does("voices/assignment_clear/ask")
    for person in (sami, leyla, lead):
        person.does("voices/assignment_clear/answer", answer="yes")
    lead.does("voices/assignment_clear/show")
    sami.moves("accept_assignment")
    for person in (sami, leyla):
        lead.does(f"people/{person.id}/prepared", prepared=True)
    lead.moves("begin_mapping")
    await write_line(leyla, "network", "informal", text="Oma Fatma, kookt op woensdag")
    await write_line(lead, "network", "formal", text="Linda van school")
    await write_line(sami, "priorities", "priorities", text="Weer naar voetbal", person=sami.id)
    for key, about in {
        "fatma": {"role": "family", "relation": "oma"},
        "bas": {"role": "network", "relation": "buurman"},
        "linda": {"role": "professional", "relation": "mentor"},
        **({"els": {"role": "safety_owner", "relation": "gezinsvoogd"}} if els else {}),
    }.items():
        there[key] = invite(rondom, there, key, **about)
    for person in there.values():
        lead.does(f"people/{person.id}/prepared", prepared=True)
        lead.does(f"people/{person.id}/safety", safe=True)
    lead.does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    for decider in (sami, leyla):
        decider.does("go", answer="yes")
    lead.moves("begin_start_meeting")
    return there


async def in_network_meeting(rondom: Rondom, frame: str = "voluntary", els: bool = False) -> People:
    there = await started(rondom, frame, els)
    await write_line(there["linda"], "help", "help", text="Gesprek op school, gaat door", person=there["linda"].id)
    await write_line(there["leyla"], "help", "contradictions", text="School wil rust, de wijk wil drie afspraken")
    ask_who_leads(there, 1)
    there["central"].does("question", text="Wat is er nodig zodat Sami weer kan voetballen?")
    there["central"].does("statement", text="Ik wil weer naar voetbal.")
    there["lead"].does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    if "els" in there:
        there["els"].does("bottom-lines", what="Sami slaapt veilig", why="Hij sliep op straat.")
    there["lead"].moves("begin_network_meeting")
    return there


def ask_who_leads(there: People, number: int) -> None:
    there["lead"].does("voices/lead/ask")
    for key in ("lead", "central", "leyla", "fatma", "bas"):
        there[key].does("voices/lead/answer", numbers=[{"item": "", "number": number, "why": ""}], share=False)
    there["lead"].does("voices/lead/show")


async def write_text(person: Person, board: str, instrument: str, text: str) -> None:
    async with open_board(person, board) as opened:
        opened.document.get(instrument, type=Text).insert(0, text)
        await opened.saved()


async def write_line(writer: Person, board: str, instrument: str, **fields: Any) -> None:
    async with open_board(writer, board) as opened:
        put(opened, instrument, f"{instrument}-{writer.id}", **fields)
        await opened.saved()


def put(board: Board, instrument: str, row: str, **fields: Any) -> None:
    values = {
        name: Text(value) if name in ("text", "name", "number", "when") else value for name, value in fields.items()
    }
    rows = board.document.get(instrument, type=Map)
    with board.document.transaction():
        rows[row] = Map({"order": "a0", **values})


def boards(person: Person) -> dict[str, str]:
    return {board["id"]: board["access"] for board in person.state()["boards"]}


def plan(there: People) -> dict[str, Any]:
    return {
        "agreements": [
            {
                "row": "voetbal",
                "who": [there["bas"].id],
                "what": "rijdt Sami op dinsdag naar voetbal",
                "when": {"kind": "rhythm", "every": "week", "days": ["tu"]},
                "checker": there["fatma"].id,
                "otherwise": "Bas belt oma.",
            }
        ],
        "review": {"date": REVIEW, "convener": there["fatma"].id},
    }


def to_agreement_by_private_time(there: People) -> None:
    there["bas"].moves("begin_private_time")
    there["leyla"].moves("begin_private_time/confirm")
    there["bas"].moves("end_private_time", release=plan(there))
    there["fatma"].moves("end_private_time/confirm")


async def test_the_network_on_paper_is_for_the_family_and_the_coach_alone(rondom: Rondom):
    there = await started(rondom)
    for key in ("lead", "central", "leyla", "fatma"):
        assert boards(there[key])["network"] == "read"
    for key in ("bas", "linda"):
        assert "network" not in boards(there[key])
        assert await refused_with(there[key], "network") == 403


async def test_the_network_meeting_has_a_day_of_its_own(rondom: Rondom):
    there = await started(rondom)
    assert there["central"].state()["meeting"]["appointment"] is None
    lacking = [item["requirement"] for item in there["lead"].move("begin_network_meeting")["missing"] if item["hard"]]
    assert lacking == ["question_set", "meeting_appointed"]
    there["lead"].does("appointment", starts_at=EVENING, place="School")
    assert there["central"].state()["meeting"]["appointment"]["place"] == "School"


async def test_both_networks_stand_on_paper_before_the_start_meeting(rondom: Rondom):
    there = await started(rondom)
    there["lead"].moves("back_to_mapping")
    there["lead"].does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    async with open_board(there["lead"], "network") as opened:
        await opened.until(lambda board: len(board.document.get("formal", type=Map)) == 1)
        for instrument in ("informal", "formal"):
            for line in opened.document.get(instrument, type=Map).values():
                line["removed"] = True
        await opened.saved()
    asked = there["lead"].move("begin_start_meeting")["missing"]
    assert [item["text"] for item in asked if item["hard"]] == [
        "Zet op papier welke mensen er om u heen staan, zoals familie en vrienden.",
        "Zet ook de school en de hulpverleners op papier.",
    ]


async def test_what_people_are_asked_is_said_in_the_words_of_this_way_of_meeting(rondom: Rondom):
    there = gather(rondom, "netwerkberaad", {"leyla": {"role": "parent", "authority": True}})
    assert [ask["text"] for ask in there["leyla"].state()["to_do"]] == ["Wilt u een netwerkberaad, met deze coach?"]


async def test_the_coach_may_carry_an_agreement_and_the_circle_alone_calls_everybody_together(rondom: Rondom):
    people: dict[str, dict[str, Any]] = {
        "leyla": {"role": "parent", "authority": True},
        "nour": {"role": "interpreter"},
        "els": {"role": "advocate"},
    }
    there = gather(rondom, "netwerkberaad", people)
    seen = {person["name"]: person for person in there["central"].state()["people"]}
    assert {name for name, person in seen.items() if person["carries"]} == {"Marieke", "Sami", "Leyla"}
    assert {name for name, person in seen.items() if person["convenes"]} == {"Sami", "Leyla"}


async def test_at_the_network_meeting_the_talk_lies_in_front_and_after_it_the_plan(rondom: Rondom):
    there = await in_network_meeting(rondom)
    assert [board["id"] for board in there["fatma"].state()["boards"] if board["opens"]] == ["talk"]
    there["lead"].moves("talk_through")
    assert not any(board["opens"] for board in there["fatma"].state()["boards"])


async def test_a_coordinator_of_an_eigen_kracht_meeting_carries_nothing(rondom: Rondom):
    there = gather(rondom, "eigen_kracht", {"leyla": {"role": "parent", "authority": True}})
    seen = {person["name"]: person for person in there["central"].state()["people"]}
    assert {name for name, person in seen.items() if person["carries"]} == {"Sami", "Leyla"}
    assert {name for name, person in seen.items() if person["convenes"]} == {"Sami", "Leyla"}


async def test_the_circle_alone_chooses_private_time_and_without_asking(rondom: Rondom):
    there = await in_network_meeting(rondom)
    for key in ("lead", "linda"):
        answer = there[key].post(
            "moves/begin_private_time", {"version": there[key].state()["version"], "reason": "Het moet."}
        )
        assert answer.status_code == 403
    there["bas"].moves("begin_private_time")
    assert there["lead"].state()["phase"] == "network_meeting"
    there["leyla"].moves("begin_private_time/confirm")
    for key in ("lead", "linda"):
        assert there[key].state()["phase"] == "private_time"
        assert boards(there[key]) == {}
        assert there[key].state()["moves"] == []
    assert boards(there["bas"])["private"] == "write"


async def test_a_circle_that_stays_with_the_coach_goes_on_without_private_time(rondom: Rondom):
    there = await in_network_meeting(rondom)
    assert boards(there["lead"])["plan"] == "write"
    assert "plan" not in boards(there["linda"])
    there["lead"].moves("talk_through")
    assert boards(there["linda"])["plan"] == "read"


async def test_what_is_written_so_far_goes_into_private_time_and_back_as_the_circle_shows_it(rondom: Rondom):
    there = await in_network_meeting(rondom)
    async with open_board(there["fatma"], "plan") as opened:
        opened.add("koken", "kookt op woensdag")
        await opened.saved()
    there["bas"].moves("begin_private_time")
    there["leyla"].moves("begin_private_time/confirm")
    copy = there["fatma"].browser.get(f"/api/m/{there['fatma'].id}/boards/private").text
    assert "kookt op woensdag" in copy
    async with open_board(there["fatma"], "private") as inside:
        await inside.until(lambda board: "koken" in board.values())
        inside.rows["koken"]["removed"] = True
        await inside.saved()
    there["bas"].moves("reopen_network_meeting", release=plan(there))
    there["fatma"].moves("reopen_network_meeting/confirm")
    shown = there["lead"].browser.get(f"/api/m/{there['lead'].id}/boards/plan").text
    assert "rijdt Sami op dinsdag naar voetbal" in shown
    assert "kookt op woensdag" not in shown


async def test_a_proposal_of_the_coach_is_not_signed_before_the_circle_took_it_over(rondom: Rondom):
    there = await in_network_meeting(rondom)
    to_agreement_by_private_time(there)
    there["bas"].does("agreements/voetbal/yes")
    async with open_board(there["lead"], "plan") as opened:
        opened.add("club", "belt de club", who=Map({there["leyla"].id: True}), proposal=True)
        await opened.saved()
    asked = [item["requirement"] for item in there["lead"].move("to_signing")["missing"] if item["hard"]]
    assert "proposals_taken" in asked


@pytest.mark.parametrize("frame", ["voluntary", "compulsory"])
async def test_a_bottom_line_that_is_not_met_is_talked_through_again_with_a_reason(rondom: Rondom, frame: str):
    there = await in_network_meeting(rondom, frame, els=True)
    missing = there["bas"].move("begin_private_time")["missing"]
    assert [(item["requirement"], item["hard"]) for item in missing] == [("bottomlines_read", True)]
    there["els"].does("bottom-lines/read-aloud")
    to_agreement_by_private_time(there)
    there["bas"].does("agreements/voetbal/yes")
    (line,) = there["els"].state()["sheet"]["bottom_lines"]
    there["els"].does(f"bottom-lines/{line['id']}/verdict", enough=False, why="Er staat niets over slapen.")
    version = there["els"].state()["version"]
    assert there["lead"].post("moves/to_signing", {"version": version, "reason": REASON}).status_code == 409
    assert there["els"].post("moves/talk_again", {"version": version}).json()["code"] == "move_reason_needed"
    assert there["els"].post("moves/back_to_private_time", {"version": version, "reason": REASON}).status_code == 403
    there["els"].moves("talk_again", reason="Er staat niets over slapen.")
    assert there["central"].state()["phase"] == "network_meeting"
    there["lead"].moves("talk_through")
    there["els"].does(f"bottom-lines/{line['id']}/verdict", enough=True, why="Oma heeft een bed.")
    there["lead"].moves("to_signing")


@pytest.mark.parametrize("private", [True, False])
async def test_a_whole_trajectory_shows_how_the_lead_moves_from_the_coach_to_the_family(rondom: Rondom, private: bool):
    there = await in_network_meeting(rondom)
    if private:
        to_agreement_by_private_time(there)
    else:
        (made,) = plan(there)["agreements"]
        async with open_board(there["fatma"], "plan") as opened:
            opened.add(
                made["row"],
                made["what"],
                who=Map({there["bas"].id: True}),
                when=made["when"],
                checker=made["checker"],
                otherwise=Text(made["otherwise"]),
            )
            review = opened.document.get("review", type=Map)
            review["date"], review["convener"] = REVIEW, there["fatma"].id
            await opened.saved()
        there["lead"].moves("talk_through")
    there["bas"].does("agreements/voetbal/yes")
    there["lead"].moves("to_signing")
    for key in ("central", "bas"):
        sha256 = there[key].state()["plan"]["sha256"]
        there[key].does("signature", sha256=sha256, choice="stand_behind", typed_name="Naam")
    there["lead"].moves("begin_family_team")
    await write_line(there["leyla"], "team", "members", text="roept ons bij elkaar", person=there["fatma"].id)
    await write_text(there["leyla"], "team", "next_time", "maandag 4 januari bij oma")
    for number in (4, 8):
        there["fatma"].moves("begin_progress")
        await write_line(there["fatma"], "progress", "went", text="Voetbal lukt", part="worked")
        await write_line(there["fatma"], "progress", "chaired", text="4 januari", person=there["fatma"].id)
        ask_who_leads(there, number)
        if number < 8:
            there["fatma"].moves("continue_plan")
    lead = next(one for one in there["bas"].state()["voices"] if one["id"] == "lead")
    assert [[(one["lowest"], one["highest"]) for one in turn["items"]] for turn in lead["history"]] == [
        [(1, 1)],
        [(4, 4)],
    ]
    assert (lead["results"][0]["lowest"], lead["results"][0]["highest"]) == (8, 8)

    there["leyla"].moves("begin_handover")
    asked = [item["text"] for item in there["leyla"].move("close")["missing"]]
    assert "Kies wie uit het netwerk het aanspreekpunt is." in asked
    assert "Schrijf op wie u kunt bellen." in asked
    await write_line(there["leyla"], "handover", "contact", text="Oma", person=there["fatma"].id)
    await write_text(there["leyla"], "handover", "crisis_plan", "Sami gaat naar oma.")
    await write_line(there["fatma"], "handover", "phones", name="Oma", number="06-55512345", when="altijd")
    await write_text(there["leyla"], "handover", "last_review", "maandag 5 april, oma belt iedereen")
    there["leyla"].does("voices/without_coach/ask")
    for key in ("central", "leyla", "fatma", "bas"):
        there[key].does("voices/without_coach/answer", answer="yes")
    there["leyla"].does("voices/without_coach/show")
    there["leyla"].moves("close")
    assert boards(there["bas"]) == {"handover": "read"}
    assert boards(there["lead"]) == {}

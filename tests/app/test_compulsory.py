"""A meeting that is not only free: bottom lines in writing before, read aloud, a verdict on the plan (methods.md §4).

The circle still makes its plan alone, and mends it itself: who answers for safety only says what must be so.
"""

import asyncio
import html
from typing import Any

import pytest

from tests.app.boards import open_board, open_events
from tests.app.driving import EVENING, REVIEW, Person, Rondom
from tests.app.gatherings import gather, invite
from tests.app.test_rehearsal import jump, rehearse

SAFE_NIGHT = {
    "what": "Sami slaapt elke nacht op een veilige plek",
    "why": "In mei sliep Sami twee nachten op straat.",
    "ground": "ondertoezichtstelling",
}
SAFE_SCHOOL = {"what": "Sami gaat veilig naar school", "why": "Er was vorige week ruzie onderweg."}
VAGUE = "De afspraken zeggen nog niet waar Sami op zondag slaapt."

People = dict[str, Person]


@pytest.fixture
def people(rondom: Rondom) -> People:
    """Marieke leads a meeting about Sami in the compulsory frame; Els, who answers for safety, set nothing yet."""
    return prepared(rondom, "compulsory")


def prepared(rondom: Rondom, frame: str) -> People:
    """A meeting in preparation that lacks nothing but bottom lines."""
    mother = {"role": "parent", "relation": "moeder", "authority": True}
    there = gather(rondom, "eigen_kracht", {"leyla": mother}, frame=frame)
    lead, sami, leyla = there["lead"], there["central"], there["leyla"]
    for decider in (sami, leyla):
        decider.does("yes-to-meeting", answer="yes")
    sami.moves("accept_referral")
    lead.does("independent", answer="yes")
    sami.moves("accept_coordinator")
    there["fatma"] = invite(rondom, there, "fatma", role="family", relation="oma")
    there["els"] = invite(rondom, there, "els", role="safety_owner", relation="gezinsvoogd")
    sami.does("question", text="Wat is er nodig zodat Sami thuis veilig is?")
    lead.moves("prepare")
    for person in (sami, leyla, there["fatma"], there["els"]):
        lead.does(f"people/{person.id}/prepared", prepared=True)
        lead.does(f"people/{person.id}/safety", safe=True)
    lead.does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    sami.does("statement", text="Ik wil thuis blijven.")
    for decider in (sami, leyla):
        decider.does("go", answer="yes")
    return there


def in_information(people: People) -> People:
    people["els"].does("bottom-lines", **SAFE_NIGHT)
    people["lead"].moves("begin_meeting")
    for person in circle(people):
        person.does("no-questions", answer="yes")
    return people


def in_private_time(people: People) -> People:
    in_information(people)
    people["lead"].does("bottom-lines/read-aloud")
    people["lead"].moves("begin_private_time")
    return people


def in_agreement(people: People) -> People:
    """The circle showed a plan in which everybody named said yes; only the verdict is left."""
    in_private_time(people)
    show_plan(people, agreement(people, "slapen", "leyla", "haalt Sami elke avond op"))
    people["leyla"].does("agreements/slapen/yes")
    return people


def with_a_second_judge(rondom: Rondom, people: People) -> People:
    """Noor answers for safety too, beside Els."""
    people["noor"] = invite(rondom, people, "noor", role="safety_owner", relation="kinderbeschermer")
    people["lead"].does(f"people/{people['noor'].id}/prepared", prepared=True)
    people["lead"].does(f"people/{people['noor'].id}/safety", safe=True)
    return people


def judge(person: Person, enough: bool, why: str = "") -> None:
    person.does(f"bottom-lines/{the_line(person)['id']}/verdict", enough=enough, why=why)


def circle(people: People) -> list[Person]:
    return [people[key] for key in ("central", "leyla", "fatma")]


def agreement(people: People, row: str, who: str, what: str) -> dict[str, Any]:
    return {
        "row": row,
        "who": [people[who].id],
        "what": what,
        "when": {"kind": "rhythm", "every": "week", "days": ["su"]},
        "checker": people["central"].id,
        "otherwise": "We bellen elkaar.",
    }


def show_plan(people: People, *agreements: dict[str, Any]) -> None:
    """The circle opens the door, two of them together, and shows a plan."""
    plan = {"agreements": list(agreements), "review": {"date": REVIEW, "convener": people["fatma"].id}}
    people["central"].moves("end_private_time", release=plan)
    people["fatma"].moves("end_private_time/confirm")


async def take_all_off(person: Person) -> None:
    """Take away what stands on the circle's board, which began with a copy of the plan."""
    async with open_board(person, "private") as board:
        await board.until(lambda b: b.values())
        for row in board.values():
            board.rows[row]["removed"] = True
        await board.saved()


def show_again(people: People, *agreements: dict[str, Any]) -> None:
    """The circle goes back into private time, and shows this plan; everybody named says yes."""
    people["els"].moves("back_to_private_time", reason=VAGUE)
    asyncio.run(take_all_off(people["fatma"]))
    show_plan(people, *agreements)
    for person in circle(people):
        for one in person.state()["agreements"]:
            person.does(f"agreements/{one['row']}/yes")


def refused(person: Person, move: str, **body: Any) -> set[str]:
    """What a move still lacks, however good the reason that is given."""
    answer = person.post(f"moves/{move}", {"version": person.state()["version"], "reason": "Het moet nu.", **body})
    assert answer.status_code == 409, answer.text
    return {item["requirement"] for item in answer.json()["missing"] if item["hard"]}


def the_line(person: Person) -> dict[str, Any]:
    (line,) = person.state()["sheet"]["bottom_lines"]
    found: dict[str, Any] = line
    return found


@pytest.mark.parametrize("frame", ["pressure", "compulsory"])
def test_the_meeting_does_not_begin_before_bottom_lines_are_in_writing(rondom: Rondom, frame: str):
    people = prepared(rondom, frame)
    assert refused(people["lead"], "begin_meeting") == {"bottomlines_readable"}
    asked = next(item for item in people["lead"].move("begin_meeting")["missing"])
    assert [who["name"] for who in asked["who"]] == ["Els"]
    people["els"].does("bottom-lines", **SAFE_NIGHT)
    people["lead"].moves("begin_meeting")
    assert people["central"].state()["phase"] == "information"


def test_a_bottom_line_without_its_reason_is_not_enough(people: People):
    people["els"].does("bottom-lines", **{**SAFE_NIGHT, "why": ""})
    assert refused(people["lead"], "begin_meeting") == {"bottomlines_readable"}


def test_everybody_can_read_the_bottom_lines_before_they_meet(people: People):
    people["els"].does("bottom-lines", **SAFE_NIGHT)
    for person in people.values():
        assert the_line(person)["what"] == SAFE_NIGHT["what"]
        assert the_line(person)["set_by"] == "Els"


def test_only_who_answers_for_safety_sets_or_judges_a_bottom_line(people: People):
    for key in ("lead", "central", "leyla", "fatma"):
        assert people[key].post("bottom-lines", SAFE_NIGHT).status_code == 403
    in_agreement(people)
    line = the_line(people["els"])["id"]
    for key in ("lead", "central", "leyla", "fatma"):
        assert people[key].post(f"bottom-lines/{line}/verdict", {"enough": True}).status_code == 403
    assert the_line(people["els"])["verdict"] is None


def test_private_time_does_not_begin_before_the_bottom_lines_were_read_aloud(people: People):
    in_information(people)
    assert refused(people["lead"], "begin_private_time") == {"bottomlines_read"}
    assert people["central"].post("bottom-lines/read-aloud").status_code == 403
    people["els"].does("bottom-lines/read-aloud")
    people["lead"].moves("begin_private_time")
    assert people["central"].state()["phase"] == "private_time"


def test_the_circle_has_the_bottom_lines_before_it_in_private_time_and_els_has_nothing_of_the_circle(people: People):
    in_private_time(people)
    for person in circle(people):
        assert the_line(person)["what"] == SAFE_NIGHT["what"]
    assert people["els"].state()["boards"] == []
    assert people["els"].browser.get(f"/api/m/{people['els'].id}/boards/private").status_code == 403
    assert people["els"].state()["moves"] == []


def test_a_bottom_line_that_comes_late_needs_a_reason_and_is_read_aloud_too(people: People):
    in_information(people)
    people["lead"].does("bottom-lines/read-aloud")
    assert people["els"].post("bottom-lines", SAFE_SCHOOL).json()["code"] == "late_needs_reason"
    people["els"].does("bottom-lines", **SAFE_SCHOOL, late_reason="Dit gebeurde gisteren.")
    late = next(
        line for line in people["fatma"].state()["sheet"]["bottom_lines"] if line["what"] == SAFE_SCHOOL["what"]
    )
    assert late["late_reason"] == "Dit gebeurde gisteren."
    assert refused(people["lead"], "begin_private_time") == {"bottomlines_read"}
    people["lead"].does("bottom-lines/read-aloud")
    people["lead"].moves("begin_private_time")


def test_a_bottom_line_after_the_plan_is_read_aloud_and_judged_before_anybody_signs(people: People):
    in_agreement(people)
    people["els"].does(f"bottom-lines/{the_line(people['els'])['id']}/verdict", enough=True)
    people["els"].does("bottom-lines", **SAFE_SCHOOL, late_reason="Dit gebeurde gisteren.")
    assert refused(people["lead"], "to_signing") == {"bottomlines_read", "bottomlines_met"}
    people["els"].does("bottom-lines/read-aloud")
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}


def test_without_a_verdict_nobody_signs(people: People):
    in_agreement(people)
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}
    asked = next(item for item in people["lead"].move("to_signing")["missing"])
    assert SAFE_NIGHT["what"][:36] in asked["text"]
    assert [who["name"] for who in asked["who"]] == ["Els"]


@pytest.mark.parametrize("sends_back", ["els", "lead"])
def test_a_plan_that_fails_a_bottom_line_goes_back_to_the_circle_which_mends_it_itself(people: People, sends_back: str):
    in_agreement(people)
    verdict = f"bottom-lines/{the_line(people['els'])['id']}/verdict"
    people["els"].does(verdict, enough=False, why=VAGUE)
    assert the_line(people["leyla"])["verdict"] == {"enough": False, "why": VAGUE, "by": ["Els"]}
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}

    back = people[sends_back].post("moves/back_to_private_time", {"version": people["els"].state()["version"]})
    assert back.json()["code"] == "move_reason_needed"
    assert people["leyla"].post("moves/back_to_private_time", {"version": people["els"].state()["version"]}).is_error
    people[sends_back].moves("back_to_private_time", reason=VAGUE)

    assert people["central"].state()["phase"] == "private_time"
    assert people["els"].state()["boards"] == []
    assert the_line(people["fatma"])["verdict"] == {"enough": False, "why": VAGUE, "by": ["Els"]}
    copy = people["fatma"].browser.get(f"/api/m/{people['fatma'].id}/boards/private").json()
    assert "haalt Sami elke avond op" in str(copy)

    show_plan(
        people,
        agreement(people, "slapen", "leyla", "haalt Sami elke avond op"),
        agreement(people, "zondag", "fatma", "laat Sami op zondag bij haar slapen"),
    )
    people["fatma"].does("agreements/zondag/yes")
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}
    people["els"].does(verdict, enough=True, why="Nu is er elke nacht een plek.")
    people["lead"].moves("to_signing")
    assert people["central"].state()["phase"] == "signing"
    assert people["leyla"].state()["plan"]["version"] == 1


def test_a_bottom_line_stays_when_who_set_it_leaves_and_who_is_left_judges_it(people: People, rondom: Rondom):
    in_agreement(with_a_second_judge(rondom, people))
    judge(people["els"], True)
    leaves(people, "els")
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}
    line = the_line(people["leyla"])
    assert (line["what"], line["set_by"], line["verdict"]) == (SAFE_NIGHT["what"], "Els", None)
    assert asked_to_judge(people) == ["Noor"]
    judge(people["noor"], True)
    people["lead"].moves("to_signing")


def test_a_bottom_line_stays_when_nobody_is_left_to_judge_it_and_who_leads_is_told(people: People):
    in_agreement(people)
    leaves(people, "els")
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}
    assert the_line(people["leyla"])["what"] == SAFE_NIGHT["what"]
    assert asked_to_judge(people) == ["Marieke"]


def leaves(people: People, key: str) -> None:
    people["lead"].does(f"people/{people[key].id}/remove")


def asked_to_judge(people: People) -> list[str]:
    (missing,) = people["lead"].move("to_signing")["missing"]
    return [who["name"] for who in missing["who"]]


@pytest.mark.parametrize("first", ["els", "noor"])
def test_when_two_judge_one_no_holds_whoever_spoke_first(people: People, rondom: Rondom, first: str):
    in_agreement(with_a_second_judge(rondom, people))
    judge(people["noor" if first == "els" else "els"], True)
    judge(people[first], False, VAGUE)
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}
    asked = next(item for item in people["lead"].move("to_signing")["missing"])
    assert [who["name"] for who in asked["who"]] == [first.title()]
    for person in people.values():
        assert the_line(person)["verdict"] == {"enough": False, "why": VAGUE, "by": [first.title()]}
    judge(people[first], True)
    people["lead"].moves("to_signing")


def test_nobody_else_who_judges_can_take_a_no_away(people: People, rondom: Rondom):
    in_agreement(with_a_second_judge(rondom, people))
    judge(people["els"], False, VAGUE)
    judge(people["noor"], True)
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}
    assert the_line(people["leyla"])["verdict"]["why"] == VAGUE
    assert [the_line(people[key])["mine"] for key in ("els", "noor", "leyla")] == [False, True, None]
    show_again(people, agreement(people, "slapen", "fatma", "haalt Sami elke avond op"))
    judge(people["noor"], True)
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}
    assert the_line(people["els"])["asked_again"]


def test_a_verdict_belongs_to_the_plan_as_it_read_then(people: People):
    in_agreement(people)
    judge(people["els"], True, "Elke nacht is er een plek.")
    assert the_line(people["leyla"])["verdict"]["enough"]
    show_again(people, agreement(people, "film", "fatma", "gaat met Sami naar de film"))
    assert refused(people["lead"], "to_signing") == {"bottomlines_met"}
    for person in people.values():
        line = the_line(person)
        assert (line["verdict"], line["mine"], line["asked_again"]) == (None, None, True)
    judge(people["els"], True)
    assert not the_line(people["els"])["asked_again"]
    people["lead"].moves("to_signing")


def test_a_plan_that_is_shown_again_as_it_was_is_enough_still(people: People):
    in_agreement(people)
    judge(people["els"], True)
    show_again(people, agreement(people, "slapen", "leyla", "haalt Sami elke avond op"))
    people["lead"].moves("to_signing")


async def test_a_verdict_on_a_plan_that_changed_under_somebodys_thumb_is_not_kept(people: People):
    in_agreement(people)
    els = people["els"]
    verdict, seen = f"bottom-lines/{the_line(els)['id']}/verdict", els.state()["sheet"]["plan_hash"]
    assert people["leyla"].state()["sheet"]["plan_hash"] is None
    async with open_events(els) as events, open_board(people["leyla"], "plan") as board:
        await board.until(lambda b: "slapen" in b.values())
        board.type("slapen", "what", ", behalve op zondag")
        await board.saved()
        # The judge's screen looks again, so that what it shows is what is judged.
        await events.next()
    assert els.post(verdict, {"enough": True, "hash": seen}).json()["code"] == "plan_changed"
    assert the_line(els)["verdict"] is None
    els.does(verdict, enough=True, hash=els.state()["sheet"]["plan_hash"])
    assert the_line(els)["verdict"]["enough"]


async def test_a_line_that_is_still_empty_asks_no_judge_anew(people: People):
    in_agreement(people)
    judge(people["els"], True)
    async with open_board(people["leyla"], "plan") as board:
        await board.until(lambda b: "slapen" in b.values())
        board.add("leeg", "")
        await board.saved()
    assert the_line(people["els"])["verdict"]["enough"]


def test_in_a_free_meeting_bottom_lines_hold_up_nothing(rondom: Rondom):
    people = prepared(rondom, "voluntary")
    people["lead"].moves("begin_meeting")
    for person in circle(people):
        person.does("no-questions", answer="yes")
    people["lead"].moves("begin_private_time")
    show_plan(people, agreement(people, "slapen", "leyla", "haalt Sami elke avond op"))
    people["leyla"].does("agreements/slapen/yes")
    people["lead"].moves("to_signing")
    assert people["central"].state()["phase"] == "signing"


def test_in_a_free_meeting_a_no_to_a_bottom_line_is_passed_with_a_reason_and_not_unseen(rondom: Rondom):
    people = in_information(prepared(rondom, "voluntary"))
    assert refused(people["lead"], "begin_private_time") == {"bottomlines_read"}
    people["lead"].does("bottom-lines/read-aloud")
    people["lead"].moves("begin_private_time")
    show_plan(people, agreement(people, "slapen", "leyla", "haalt Sami elke avond op"))
    people["leyla"].does("agreements/slapen/yes")
    judge(people["els"], False, VAGUE)
    assert "bottomlines_met" in {item["requirement"] for item in people["lead"].move("to_signing")["missing"]}
    people["lead"].moves("to_signing", reason="De familie en Els praten volgende week verder.")


def test_also_when_it_is_not_free_the_central_person_may_stop(people: People):
    in_private_time(people)
    people["central"].moves("stop")
    assert people["els"].state()["phase"] == "stopped"


def test_the_signed_plan_on_paper_says_each_bottom_line_with_its_verdict_to_who_may_read_them(rondom: Rondom):
    lead = rehearse(rondom.coordinator(), "eigen_kracht", "compulsory")
    jump(lead, "agreement")
    owner = next(one for one in lead.state()["people"] if one["role"] == "safety_owner")
    lead.does("rehearsal/look-as", participant=owner["id"])
    (line,) = lead.state()["sheet"]["bottom_lines"]
    jump(lead, "signing")
    assert line["what"] in printed_plan(lead)
    assert "Nog niet beoordeeld" in printed_plan(lead)
    jump(lead, "agreement")
    els = Person(owner["id"], lead.browser)
    els.does(f"bottom-lines/{line['id']}/verdict", enough=True, why=VAGUE)
    jump(lead, "signing")
    for words in (line["what"], line["why"], "Genoeg", VAGUE, owner["name"]):
        assert words in printed_plan(lead)
    # In this phase the plan is theirs to read, and the bottom lines are not.
    jump(lead, "circle")
    assert "Wie tekende" in printed_plan(lead)
    assert line["what"] not in printed_plan(lead)


def printed_plan(person: Person) -> str:
    return html.unescape(person.browser.get(f"/m/{person.id}/plan").text)

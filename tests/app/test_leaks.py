"""What was written in private time stays there: it is in no list, error page, log, export or file."""

import pytest
from pycrdt import Text

from app.settings import Settings
from tests.app.boards import open_board
from tests.app.driving import Meeting, Person, Rondom, enter, meeting_in
from tests.running import RunningDemo

CANARY = "geheimwoord-kersenbloesem"
NOTE = "briefje-zonnebloem"


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "private_time")


def everything_shown_to(person: Person) -> str:
    """All pages and answers that somebody can ask for, the ones that refuse too."""
    id_ = person.id
    paths = [
        f"/api/m/{id_}",
        f"/api/m/{id_}/plan",
        f"/api/m/{id_}/boards/private",
        f"/api/m/{id_}/boards/plan",
        f"/api/m/{id_}/boards/nothing",
        f"/m/{id_}",
        f"/m/{id_}/plan",
        f"/m/{id_}/circle",
        "/api/meetings",
        "/meetings",
        "/api/openapi.json",
        f"/m/{id_}/nothing",
    ]
    return "".join(person.browser.get(path).text for path in paths)


async def write_in_private(person: Person) -> None:
    async with open_board(person, "private") as board:
        board.add("geheim", CANARY)
        board.add("later", "dit laten we niet zien " + CANARY)
        await board.saved()


async def test_outsiders_find_nothing_of_it_while_it_lasts(meeting: Meeting):
    await write_in_private(meeting.oma)
    for person in (meeting.marieke, meeting.linda):
        shown = everything_shown_to(person)
        assert CANARY not in shown
        assert "Sami" in shown
    assert CANARY in meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").text


async def test_nobody_finds_what_was_not_shown_when_it_is_over(meeting: Meeting, rondom: Rondom):
    await write_in_private(meeting.oma)
    async with open_board(meeting.oma, "private") as board:
        await board.until(lambda b: "later" in b.values())
        for row in ("geheim", "later"):
            board.rows[row]["removed"] = True
        notes: Text = board.document.get("notes", type=Text)
        notes += CANARY
        await board.saved()
    meeting.sami.moves("end_private_time", release=meeting.plan())
    meeting.oma.moves("end_private_time/confirm")
    for person in meeting.everybody:
        assert CANARY not in everything_shown_to(person)


async def test_the_files_on_disk_hold_no_words_of_people(meeting: Meeting, rondom: Rondom):
    await write_in_private(meeting.oma)
    stored = rondom.everything_stored()
    assert b"SQLite format 3" in stored
    for words in (CANARY, "Oma Fatma", "Rond Sami", "06-55512345", "linda@school.example", "Ik wil weer naar voetbal"):
        assert words.encode() not in stored, words


async def test_a_waiting_move_keeps_what_it_will_show_from_outsiders(meeting: Meeting):
    meeting.sami.moves("end_private_time", release=meeting.plan(what=CANARY))
    for person in (meeting.marieke, meeting.linda):
        assert CANARY not in everything_shown_to(person)
    meeting.oma.moves("end_private_time/not-yet")
    for person in (meeting.marieke, meeting.linda):
        assert CANARY not in everything_shown_to(person)


async def test_a_reason_and_a_kept_word_do_not_come_out_by_the_log(tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("leaks") / "data"
    running = RunningDemo(data)
    running.start()
    try:
        rondom = _as_rondom(running)
        people = {
            person["name"]: enter(rondom.browser(), person["link"])
            for person in running.told["meetings"][0]["participants"]
        }
        people["Sami"].does("statement", text=f"Ik zeg {CANARY}.")
        people["Sami"].post("statement", {"text": [CANARY], NOTE: CANARY})
        people["Sami"].browser.get(f"/m/{CANARY}")
        people["Sami"].browser.get(f"/api/m/{people['Sami'].id}/{CANARY}?{NOTE}={CANARY}")
        rondom.browser().post("/api/enter", json={"id": CANARY, "secret": CANARY})
        rondom.close()
    finally:
        running.stop()
    log = running.log.read_text()
    assert "request" in log
    for words in (CANARY, NOTE, "Sami can", people["Sami"].cookie.split("=")[1]):
        assert words not in log, words


def _as_rondom(running: RunningDemo) -> Rondom:
    return Rondom(Settings(_env_file=None, data=running.data, port=running.port))

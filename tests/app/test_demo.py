"""The demo: what `rondom demo` prints and writes leads a newcomer, or a program, into a meeting."""

from pathlib import Path

import pytest

from app.settings import Settings
from tests.app.driving import Person, Rondom, enter
from tests.running import RunningDemo, RunningRondom


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("demo") / "data"
    running = RunningDemo(data)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def told(demo: RunningDemo):
    return demo.told


@pytest.fixture
def rondom(demo: RunningDemo):
    running = Rondom(Settings(_env_file=None, data=demo.data, port=demo.port))
    yield running
    running.close()


def test_a_program_finds_the_way_in_for_everybody(told, demo: RunningDemo, rondom: Rondom):
    assert told["origin"] == demo.origin
    assert told["coordinator"].keys() == {"link"}
    for meeting in told["meetings"]:
        assert {"id", "protocol", "phase", "participants"} <= meeting.keys()
        for participant in meeting["participants"]:
            assert {"id", "name", "role", "side", "link"} <= participant.keys()
            person = enter(rondom.browser(), participant["link"])
            assert person.state()["me"]["name"] == participant["name"]


def test_one_meeting_lacks_only_two_things_and_one_is_signed_with_its_review_ahead(told, rondom: Rondom):
    first, second = told["meetings"]
    assert (first["phase"], second["phase"]) == ("preparation", "follow_up")
    marieke = enter(rondom.browser(), next(p["link"] for p in first["participants"] if p["side"] == "facilitator"))
    lacking = [item["requirement"] for item in marieke.move("begin_meeting")["missing"]]
    assert lacking == ["meeting_appointed", "central_person_go"]
    noor = enter(rondom.browser(), next(p["link"] for p in second["participants"] if p["name"] == "Noor"))
    plan = noor.browser.get(f"/api/m/{noor.id}/plan").json()
    assert plan["review_text"]
    assert len(plan["signatures"]) == 4


def test_it_prints_the_links_and_what_to_do_first(told, demo: RunningDemo):
    printed = demo.log.read_text()
    assert told["coordinator"]["link"] in printed
    for meeting in told["meetings"]:
        for participant in meeting["participants"]:
            if participant["side"] != "facilitator":
                assert participant["link"] in printed
    assert "made up" in printed


def test_a_second_run_keeps_the_data_and_is_up_within_five_seconds(told, demo: RunningDemo, rondom: Rondom):
    marieke: Person = enter(rondom.browser(), told["meetings"][0]["participants"][0]["link"])
    marieke.does("question", text="Blijft deze vraag bewaard?")
    demo.stop()
    assert demo.start() < 5
    assert demo.told == told
    assert marieke.state()["meeting"]["question"] == "Blijft deze vraag bewaard?"


def test_only_the_owner_of_the_folder_can_read_the_keys_and_links(demo: RunningDemo):
    for file in demo.data.iterdir():
        if file.suffix in (".key", ".json"):
            assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_port_in_use_is_told_in_words(demo: RunningDemo, tmp_path: Path):
    said = RunningRondom(tmp_path / "data", "serve").refusal(demo.port)
    assert f"Port {demo.port} is in use" in said
    assert "Traceback" not in said

"""The eight-line protocol of the tutorial, in a folder of the installation: people meet by it without any code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pycrdt import Map

from app.settings import Settings
from tests.app.boards import open_board
from tests.app.driving import Person, Rondom, let_in
from tests.app.serving import serving
from tests.protocols.tutorial import write_last_protocol
from tests.stores import SqliteFile


@pytest.fixture
def rondom(store: SqliteFile, migrated_file: Path, tmp_path: Path) -> Iterator[Rondom]:
    folder = tmp_path / "protocols"
    folder.mkdir()
    write_last_protocol(folder)
    with serving(store, migrated_file.with_name("master.key"), tmp_path, {}, protocols=[folder]) as running:
        yield running


async def test_a_family_meets_by_eight_lines_from_the_first_link_to_the_signed_plan(rondom: Rondom):
    coordinator = rondom.coordinator()
    known = coordinator.get("/api/protocols").json()
    assert "Keukentafelgesprek" in [protocol["title"] for protocol in known]

    made = coordinator.post(
        "/api/meetings",
        json={
            "protocol": "keukentafelgesprek",
            "title": "Rond Sami",
            "central_person": {"name": "Sami", "age_band": "16_17"},
            "language": "nl",
        },
    )
    assert made.status_code == 201, made.text
    marieke = Person(made.json()["participant"], coordinator)
    assert [stone["title"] for stone in marieke.state()["road"]] == ["Aan tafel", "Tekenen"]

    sami = let_in(rondom, marieke, next(one["id"] for one in marieke.state()["people"] if one["central"]))
    invited = marieke.does("people", name="Oma Fatma", relation="oma", role="family")["id"]
    assert marieke.post(f"people/{invited}/link").status_code == 409
    sami.does(f"people/{invited}/consent", answer="yes")
    oma = let_in(rondom, marieke, invited)

    assert marieke.move("to_signing")["ready"] is False
    async with open_board(oma, "plan") as board:
        board.add(
            "eten",
            "eet op woensdag met Sami",
            who=Map({oma.id: True}),
            when={"kind": "rhythm", "every": "week", "days": ["we"]},
        )
        await board.saved()
    refused = marieke.post("moves/to_signing", {"version": marieke.state()["version"]})
    assert [missing["requirement"] for missing in refused.json()["missing"]] == ["owner_said_yes"]

    oma.does("agreements/eten/yes")
    marieke.moves("to_signing")
    for person in (sami, oma):
        plan = person.state()["plan"]
        person.does("signature", sha256=plan["sha256"], choice="stand_behind", typed_name="Naam")
    oma.moves("close")

    for person in (marieke, sami, oma):
        assert person.state()["phase"] == "closed"
        assert person.state()["moves"] == []
    kept = sami.browser.get(f"/api/m/{sami.id}/plan").json()
    assert [agreement["what"] for agreement in kept["values"]["agreements"]] == ["eet op woensdag met Sami"]
    assert sorted(signature["name"] for signature in kept["signatures"]) == ["Oma Fatma", "Sami"]
    for page in (f"/m/{sami.id}", f"/m/{sami.id}/plan"):
        assert sami.browser.get(page).status_code == 200


def test_who_reads_english_reads_a_protocol_that_speaks_dutch_alone_in_dutch(rondom: Rondom):
    made = rondom.coordinator().post(
        "/api/meetings",
        json={
            "protocol": "keukentafelgesprek",
            "title": "Around Sami",
            "central_person": {"name": "Sami", "age_band": "16_17"},
            "language": "en",
        },
    )
    reader = Person(made.json()["participant"], rondom.clients[-1])
    state = reader.state()
    assert state["language"] == "en"
    assert state["phase_text"]["title"] == "Aan tafel"


@pytest.mark.parametrize("given", ["/one:/two", '["/one", "/two"]'], ids=["separated as in PATH", "as a list in JSON"])
def test_the_folders_of_protocols_are_a_setting(given: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RONDOM_PROTOCOLS", given)
    assert Settings(_env_file=None).protocols == [Path("/one"), Path("/two")]

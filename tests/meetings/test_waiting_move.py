"""A move that waits for a second person is kept as it was made: what it passes over, too, and why."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from meetings import course
from meetings.house import House
from meetings.people import enter_person
from meetings.storage.database import Database
from meetings.storage.sealing import KeyRing
from meetings.storage.tables import Account
from meetings.voices import speak
from protocols.catalogue import Catalogue


@pytest.mark.parametrize("by_itself", [False, True])
async def test_what_a_waiting_move_passes_over_is_on_record(database: Database, migrated_file: Path, by_itself: bool):
    house = House(database, KeyRing.from_file(migrated_file.with_name("master.key")), Catalogue.of_library())
    account = Account(id="marieke", name="Marieke", language="nl", created_at=datetime.now(UTC))
    async with database.writing() as session:
        session.add(account)
    sami = {"name": "Sami", "age_band": "16_17"}
    _meeting, lead = await house.start_meeting(account, "eigen_kracht", "Rond Sami", sami, "nl", "voluntary")
    async with house.command(lead) as (record, _by):
        central = record.central_person
        assert central is not None
        oma = enter_person(record, "family", {"name": "Oma"}, central=False)
        speak(record, central, "consent", oma.id, {"answer": "yes"})
        record.row.phase = "private_time"
        record.session.add(record.row)
    async with house.command(central.id) as (record, by):
        reason = "Het lukte niet."
        assert await course.move(record, "end_private_time", by=by, seen_version=record.version, reason=reason) == (
            "pending"
        )
        assert record.pending is not None
        if by_itself:
            record.pending.row.due_at = record.now()
    async with house.command(oma.id) as (record, by):
        # A command finds carried out what fell due before it.
        if not by_itself:
            await course.confirm_move(record, "end_private_time", by=by, seen_version=record.version)
        event = record.last_event
        assert event is not None
        assert record.phase == "agreement"
        told = record.key.open_values(event.sealed, f"event/{record.id}/{event.sequence}")
        assert (told["reason"], told["passed"]) == ("Het lukte niet.", ["something_to_show"])
    await house.close()

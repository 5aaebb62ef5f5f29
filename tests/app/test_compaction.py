"""What was deleted from a board does not live on in what is stored, and who comes back finds the board whole."""

from base64 import b64decode

import pytest
from pycrdt import Map, Text
from sqlmodel import select

from meetings.boards.replica import Address
from meetings.record import load_meeting
from meetings.storage.database import Database
from meetings.storage.sealing import KeyRing
from meetings.storage.tables import BoardSnapshotRow, BoardUpdateRow
from tests.app.boards import open_board
from tests.app.driving import Meeting, Person, Rondom, meeting_in
from tests.app.gatherings import gather
from tests.app.test_netwerkberaad import put, write_line, write_text

CANARY = "kersenbloesem"


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


async def everything_on_boards(rondom: Rondom, somebody: Person) -> bytes:
    """All that the log and the snapshots say, opened with the meeting's key."""
    settings = rondom.settings
    database, keys = Database(settings.database_url), KeyRing.from_file(settings.data / "master.key")
    opened = []
    id_ = somebody.state()["meeting"]["id"]
    async with database.reading() as session:
        key = (await load_meeting(session, keys, id_, writes=False)).key
        for row in (await session.scalars(select(BoardUpdateRow))).all():
            opened.append(key.open(row.sealed, Address(row.meeting_id, row.board, row.epoch).place))
        for snapshot in (await session.scalars(select(BoardSnapshotRow))).all():
            place = Address(snapshot.meeting_id, snapshot.board, snapshot.epoch).place
            opened.append(b64decode(key.open_values(snapshot.sealed, f"snapshot/{place}")["update"]))
    await database.close()
    return b"".join(opened)


async def write_and_take_back(meeting: Meeting) -> None:
    async with open_board(meeting.oma, "plan") as board:
        await board.until(lambda b: "eten" in b.values())
        board.type("eten", "otherwise", f" {CANARY}")
        await board.saved()
        text = board.rows["eten"]["otherwise"]
        written = str(text)
        start = written.encode().index(CANARY.encode())
        del text[start : start + len(CANARY)]
        await board.saved()


async def test_freezing_the_plan_leaves_nothing_of_what_was_deleted(meeting: Meeting):
    await write_and_take_back(meeting)
    assert CANARY.encode() in await everything_on_boards(meeting.rondom, meeting.sami)
    meeting.until("signing")
    stored = await everything_on_boards(meeting.rondom, meeting.sami)
    assert CANARY.encode() not in stored
    assert b"eet op woensdag met Sami" in stored
    assert meeting.rondom.count("board_update") == 0


async def test_who_comes_back_to_a_compacted_board_finds_it_whole_and_writes_on(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        oma.add("extra", "haalt Sami op")
        await oma.saved()
        device = oma.document
    meeting.oma.does("agreements/eten/yes")
    async with open_board(meeting.oma, "plan", document=device) as oma:
        oma.rows["extra"]["removed"] = True
        await oma.saved()
    meeting.linda.does("agreements/bellen/yes")
    meeting.marieke.moves("to_signing")
    meeting.marieke.moves("change_plan", reason="Er moet nog iets bij.")
    async with open_board(meeting.oma, "plan", document=device) as again:
        again.type("eten", "what", " en Leyla")
        await again.saved()
        assert again.denials == []
        assert again.closed_with is None
    async with open_board(meeting.sami, "plan") as sami:
        await sami.until(lambda b: b.values().get("eten", "").endswith(" en Leyla"))


async def test_a_client_id_stays_whose_it_was_after_compaction(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        oma.type("eten", "otherwise", "!")
        await oma.saved()
        device = oma.document
    meeting.until("signing")
    meeting.marieke.moves("change_plan", reason="Er moet nog iets bij.")
    async with open_board(meeting.sami, "plan", document=device) as impostor:
        impostor.type("eten", "what", " (was van oma)")
        await impostor.until(lambda b: b.closed_with is not None)
        assert impostor.closed_with == 1007


async def test_stopping_in_private_time_erases_the_circles_board(rondom: Rondom):
    meeting = meeting_in(rondom, "private_time")
    async with open_board(meeting.oma, "private") as board:
        board.add("geheim", CANARY)
        await board.saved()
    assert CANARY.encode() in await everything_on_boards(meeting.rondom, meeting.sami)
    meeting.sami.moves("stop")
    assert CANARY.encode() not in await everything_on_boards(meeting.rondom, meeting.sami)


async def test_the_end_of_a_safety_plan_leaves_nothing_deleted_on_the_map_or_in_the_childs_houses(rondom: Rondom):
    there = gather(rondom, "signs_of_safety", {"leyla": {"role": "parent", "authority": True, "age_band": "18_plus"}})
    lead, sami = there["lead"], there["central"]
    async with open_board(lead, "map") as board:
        for part in ("harm", "danger", "strengths"):
            put(board, "cards", part, text=f"{part} {CANARY}", part=part)
        await board.saved()
    # Each step keeps how the boards stand, so the word stands in a restore point too.
    lead.moves("begin_mapping")
    for decider in (sami, there["leyla"]):
        decider.does("yes-to-meeting", answer="yes")
    lead.moves("ask_child", reason="Dat doen we later.")
    await write_text(sami, "houses", "houses.worries", f"als mama schreeuwt {CANARY}")
    sami.does("boards/houses/showing", to=[])
    lead.moves("make_network", reason="Dat doen we later.")
    async with open_board(lead, "map") as board:
        cards = board.document.get("cards", type=Map)
        await board.until(lambda _b: len(cards) == 3)
        for part in ("harm", "danger", "strengths"):
            text = cards[part]["text"]
            del text[len(part) :]
        await board.saved()
    async with open_board(sami, "houses") as board:
        house = board.document.get("houses.worries", type=Text)
        await board.until(lambda _b: CANARY in str(house))
        del house[len("als mama schreeuwt") :]
        await board.saved()
    assert CANARY.encode() in await everything_on_boards(rondom, sami)
    assert rondom.count("restore_point") > 0
    sami.moves("stop")
    stored = await everything_on_boards(rondom, sami)
    assert CANARY.encode() not in stored
    assert b"als mama schreeuwt" in stored
    assert rondom.count("restore_point") == rondom.count("board_update") == 0


async def test_the_end_of_a_network_meeting_leaves_nothing_deleted_on_any_board(rondom: Rondom):
    there = gather(rondom, "netwerkberaad", {"leyla": {"role": "parent", "authority": True}})
    lead, sami, leyla = there["lead"], there["central"], there["leyla"]
    for decider in (sami, leyla):
        decider.does("yes-to-meeting", answer="yes")
    await write_text(leyla, "assignment", "assignment", f"Help ons. {CANARY}")
    sami.moves("accept_assignment", reason="Dat doen we later.")
    lead.moves("begin_mapping", reason="Dat doen we later.")
    await write_line(leyla, "network", "informal", text=f"Oma Fatma {CANARY}")
    async with open_board(leyla, "network") as board:
        lines = board.document.get("informal", type=Map)
        await board.until(lambda _b: len(lines) == 1)
        del lines[f"informal-{leyla.id}"]
        await board.saved()
    assert CANARY.encode() in await everything_on_boards(rondom, sami)
    assert rondom.count("restore_point") > 0
    sami.moves("stop")
    stored = await everything_on_boards(rondom, sami)
    assert stored.count(CANARY.encode()) == 1
    assert b"Help ons." in stored
    assert rondom.count("restore_point") == rondom.count("board_update") == 0

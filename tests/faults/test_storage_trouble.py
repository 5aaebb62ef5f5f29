"""The disk is full, the database locked or gone: the board says that it only reads, loses nothing, and goes on."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.live import connection as closing
from app.live import wire
from app.logs import begin_logging
from app.settings import Settings
from meetings.storage.database import TROUBLE, Database
from tests.app.boards import Board, open_board
from tests.app.driving import Meeting, Rondom, meeting_in
from tests.hostile_updates import REFUSED
from tests.running import RunningRondom
from tests.stores import Postgres, PostgresDatabase, on_both_stores

_ROOM_AT_FIRST = 1024 * 1024


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


@pytest.fixture
def small_disk(tmp_path: Path, small_disks: str) -> Iterator[Path]:
    """A folder with 8 MB in it that the tests can fill.

    One megabyte is too little to begin: SQLite brings its write-ahead log back into the file at four, and the meeting
    that is played first writes more than one.
    """
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run([small_disks, "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Leave no byte free on a disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass
    yield
    filler.unlink()


async def _is_told_and_goes_on(trouble: Any, meeting: Meeting) -> None:
    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
        for board in (oma, sami):
            await board.until(lambda b: "eten" in b.values())
        rows = meeting.rondom.count("board_update")
        with trouble:
            oma.add("van-oma", "geschreven toen er niets kon worden opgeslagen " + "x" * 8_000)
            for board in (oma, sami):
                await board.until(lambda b: wire.STORAGE in b.denials)
            sami.add("van-sami", "en dit ook")
            await sami.until(lambda b: b.denials.count(wire.STORAGE) >= 2)
            assert _nobody_saw(sami, "van-oma")
            _acts_are_refused_in_words(meeting)
            assert oma.closed_with is sami.closed_with is None
        for board in (oma, sami):
            await board.until(lambda b: {"van-oma", "van-sami"} <= b.values().keys(), seconds=15)
            await board.saved()
        assert oma.values() == sami.values()
        # Each edit once, however often it was tried.
        assert meeting.rondom.count("board_update") == rows + 2
    assert meeting.oma.post("agreements/eten/yes").status_code == 200


def _nobody_saw(board: Board, row: str) -> bool:
    return row not in board.values()


def _acts_are_refused_in_words(meeting: Meeting) -> None:
    began = time.monotonic()
    answer = meeting.oma.post("agreements/eten/yes")
    assert answer.status_code == 503
    assert answer.json()["code"] == "storage_trouble"
    assert answer.headers["retry-after"]
    assert time.monotonic() - began < 8


@on_both_stores
async def test_a_locked_database_makes_the_board_read_only_until_it_is_free(meeting: Meeting):
    await _is_told_and_goes_on(meeting.rondom.store.locked(), meeting)


async def test_a_full_disk_makes_the_board_read_only_until_there_is_room(
    small_disk: Path, migrated_file: Path, plays: dict[Any, Any]
):
    running = RunningRondom(small_disk, "serve")
    running.take(migrated_file)
    running.log = small_disk / "rondom.log"
    running.start()
    rondom = Rondom(Settings(_env_file=None, data=small_disk, port=running.port), plays)
    try:
        rondom.make_account()
        meeting = meeting_in(rondom, "agreement")
        assert shutil.disk_usage(small_disk).free > _ROOM_AT_FIRST
        await _is_told_and_goes_on(filled(small_disk), meeting)
        running.kill()
        running.start()
        async with open_board(meeting.mama, "plan") as mama:
            await mama.until(lambda b: {"van-oma", "van-sami"} <= b.values().keys())
    finally:
        rondom.close()
        running.stop()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_a_postgresql_that_is_stopped_is_waited_for(meeting: Meeting, postgres: Postgres):
    @contextmanager
    def stopped() -> Iterator[None]:
        postgres.stop()
        try:
            page = meeting.oma.browser.get(f"/m/{meeting.oma.id}", headers={"Accept": "text/html"})
            assert page.status_code == 503
            assert "niets worden opgeslagen" in page.text
            yield
        finally:
            postgres.start()

    await _is_told_and_goes_on(stopped(), meeting)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_a_postgresql_that_hangs_up_in_the_middle_of_something_is_trouble_and_no_fault(store: PostgresDatabase):
    database = Database(store.url)
    async with database.reading() as session:
        answer = asyncio.create_task(session.execute(text("SELECT pg_sleep(60)")))
        busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = ? AND wait_event = 'PgSleep'"
        async with asyncio.timeout(10):
            while not store.ask(busy, store.name)[0][0]:
                await asyncio.sleep(0.01)
        store.end_connections()
        with pytest.raises(TROUBLE):
            await answer
    await database.close()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_what_is_a_fault_of_ours_is_not_called_trouble(store: PostgresDatabase):
    database = Database(store.url)
    for fault in ("SELECT * FROM no_such_table", "SELECT 1 / 0", "SELECT 'a'::integer"):
        async with database.reading() as session:
            with pytest.raises(DBAPIError) as raised:
                await session.execute(text(fault))
            assert not isinstance(raised.value, TROUBLE)
    await database.close()


@pytest.fixture
def log_on_a_full_disk(meeting: Meeting) -> Iterator[None]:
    """Log to where nothing fits, from when the meeting is there."""
    with suppress(OSError), Path("/dev/full").open("w") as full:
        begin_logging(full)
        yield
        begin_logging()


@pytest.mark.usefixtures("log_on_a_full_disk")
async def test_a_log_that_cannot_be_written_is_left_out_and_stops_nobody(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        oma.send(wire.sync_update(next(iter(REFUSED.values()))))
        await oma.until(lambda b: b.closed_with == closing.GARBLED)
    assert meeting.oma.post("agreements/eten/yes").status_code == 200

"""The boards of one process: each is loaded once, however many ask and whenever they come."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from meetings.boards.boards import Boards
from meetings.boards.replica import Address, Replica
from meetings.storage.database import Database
from meetings.storage.sealing import KeyRing
from tests.stores import fresh_file

KEYS = KeyRing(bytes(32))
KEY = KEYS.unwrap("m", KEYS.new_wrapped_key("m"))
ADDRESS = Address("m", "plan", 1)
ROOTS = frozenset({"agreements"})


@pytest.mark.timeout(20)
async def test_who_comes_in_the_very_moment_that_a_board_was_loaded_gets_it_and_stops_nobody(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boards = Boards(Database(fresh_file(migrated_file, tmp_path).url))
    load, came = boards._load, []

    async def load_and_let_somebody_come(*about: Any) -> Replica:
        loaded = await load(*about)
        # Their first step is taken after this one ends, and before anything that waits for its end.
        came.append(asyncio.ensure_future(boards.replica(ADDRESS, KEY, ROOTS)))
        return loaded

    monkeypatch.setattr(boards, "_load", load_and_let_somebody_come)
    first = await boards.replica(ADDRESS, KEY, ROOTS)
    assert [await one for one in came] == [first]
    await boards.close()
    await boards._database.close()


async def test_many_who_ask_at_once_get_the_same_copy(migrated_file: Path, tmp_path: Path) -> None:
    boards = Boards(Database(fresh_file(migrated_file, tmp_path).url))
    copies = await asyncio.gather(*(boards.replica(ADDRESS, KEY, ROOTS) for _ in range(20)))
    assert len({id(copy) for copy in copies}) == 1
    await boards.close()
    await boards._database.close()

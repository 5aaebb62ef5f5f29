"""The process is killed at any moment: while people edit, while a batch is stored, while the log is compacted.

What was called saved is there afterwards, and so is what somebody else had seen (DESIGN.md §1.5).
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc

from tests.app.boards import Board, open_board
from tests.app.driving import Meeting, meeting_in
from tests.app.serving import reaching
from tests.running import RunningRondom
from tests.seeds import houses, seeded

CRASHES = 20


@pytest.fixture
def process(tmp_path: Path, migrated_file: Path) -> Iterator[RunningRondom]:
    running = RunningRondom(tmp_path / "data", "serve")
    # It compacts every few moments, so that many a kill hits that too.
    running.run_with(
        "from app.live import hub; from meetings.boards import replica;"
        " hub.BOARD_PAUSE = 0.1; replica.MOST_ROWS_OF_LOG = 25"
    )
    running.take(migrated_file)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def meeting(process: RunningRondom, plays: dict[Any, Any]) -> Iterator[Meeting]:
    with reaching(process, plays) as rondom:
        yield meeting_in(rondom, "private_time")


class Writer:
    """Somebody who writes, and remembers what they were told is saved."""

    def __init__(self, board: Board, name: str) -> None:
        self.board = board
        self.name = name
        self._questions: dict[int, frozenset[str]] = {}
        self.written: set[str] = set()

    async def write(self, dice: random.Random) -> None:
        """Write until the server is gone."""
        number = 0
        while self.board.closed_with is None:
            number += 1
            row = f"{self.name}-{number}"
            self.board.add(row, f"afspraak {row}")
            if dice.random() < 0.3 and self.written:
                self.board.type(dice.choice(sorted(self.written)), "what", "!")
            self.written.add(row)
            if dice.random() < 0.5:
                self._questions[self.board.ask_saved()] = frozenset(self.written)
            await asyncio.sleep(dice.uniform(0, 0.02))

    @property
    def saved(self) -> set[str]:
        """The rows that the server called saved."""
        answered = max(self.board.saved_answers, default=0)
        return {row for question, rows in self._questions.items() if question <= answered for row in rows}


@pytest.mark.timeout(60 + 6 * CRASHES)
@pytest.mark.parametrize("house", houses("RONDOM_CRASHES", CRASHES))
async def test_nothing_that_was_called_saved_or_seen_is_lost_by_a_kill_at_any_moment(
    meeting: Meeting, process: RunningRondom, house: int
):
    dice = seeded(f"kills in house {house}")
    documents: list[Doc[Any]] = [Doc() for _ in meeting.circle]
    lines: list[set[str]] = [set() for _ in meeting.circle]
    compacted = 0
    for crash in range(CRASHES):
        async with AsyncExitStack() as open_boards:
            boards = [
                await open_boards.enter_async_context(open_board(person, "private", document=document))
                for person, document in zip(meeting.circle, documents, strict=True)
            ]
            for board in boards:
                await board.saved()
            writers = [Writer(board, f"{crash}-{number}") for number, board in enumerate(boards)]
            writing = [asyncio.create_task(writer.write(random.Random(dice.random()))) for writer in writers]
            await asyncio.sleep(dice.uniform(0.05, 0.6))
            process.kill()
            for board in boards:
                await board.until(lambda b: b.closed_with is not None)
            await asyncio.gather(*writing)
            for own, writer in zip(lines, writers, strict=True):
                own |= writer.written
            kept = {row for writer in writers for row in writer.saved}
            for writer in writers:
                for other in boards:
                    if other is not writer.board:
                        kept |= {row for row in other.values() if row.startswith(f"{writer.name}-")}
        compacted += meeting.rondom.count("board_snapshot")
        process.start()
        async with open_board(meeting.oma, "private") as newcomer:
            await newcomer.saved()
            lost = kept - newcomer.values().keys()
            assert not lost, f"kill {crash}: {sorted(lost)}"
    assert compacted, "The log was never compacted: this proves less than it says."
    async with AsyncExitStack() as open_boards:
        boards = [
            await open_boards.enter_async_context(open_board(person, "private", document=document))
            for person, document in zip(meeting.circle, documents, strict=True)
        ]
        # Each knows all of their own lines, also those that no server ever got before it was killed.
        whole = {
            row: text
            for board, own in zip(boards, lines, strict=True)
            for row, text in board.values().items()
            if row in own
        }
        for board in boards:
            await board.until(lambda b: b.values() == whole)

"""What a power cut leaves behind, which no test can cause: made by hand from what a kill left."""

from pathlib import Path

from tests.app.driving import Rondom
from tests.running import RunningRondom


def cut_the_power(rondom: Rondom, process: RunningRondom) -> None:
    """After a kill: take away the last edit, as if it never reached the disk, and let the machine have started anew."""
    rondom.change("DELETE FROM board_update WHERE sequence = (SELECT max(sequence) FROM board_update)")
    mark_of(process).write_text("another start of the machine")


def mark_of(process: RunningRondom) -> Path:
    """The mark that stands beside the database while it is open."""
    return process.data / "rondom.sqlite-open"

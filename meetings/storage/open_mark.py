"""A mark beside an SQLite file that stands there while the house is open, to know at the next start how it ended.

When the machine itself stopped, screens may know edits that never reached the disk. PostgreSQL needs no mark: there
an edit is on the disk before anybody sees it (docs/decisions/0012).
"""

from pathlib import Path
from typing import Final

from meetings.storage.board_log import bring_to_disk

_THIS_START_OF_THE_MACHINE: Final = Path("/proc/sys/kernel/random/boot_id")


class OpenMark:
    """Says under which start of the machine the house was opened, and is taken away when it was closed well."""

    def __init__(self, database_file: Path) -> None:
        self._file = database_file.with_name(database_file.name + "-open")

    @property
    def outlived_the_machine(self) -> bool:
        """Whether the house was open when the machine stopped. True when that can't be known: it is the safe answer."""
        try:
            left = self._file.read_text("utf-8")
        except FileNotFoundError:
            return False
        return left != _this_start() or not left

    def put(self) -> None:
        """Mark the house as open, so that a power cut in the next moment finds it marked."""
        self._file.write_text(_this_start(), "utf-8")
        bring_to_disk(self._file)
        bring_to_disk(self._file.parent)

    def take_away(self) -> None:
        """Mark the house as closed: all that was shown is on the disk."""
        self._file.unlink(missing_ok=True)


def _this_start() -> str:
    try:
        return _THIS_START_OF_THE_MACHINE.read_text("ascii").strip()
    except OSError:
        return ""

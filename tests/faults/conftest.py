"""What breaks: the same running Rondom as the tests of the app."""

from tests.app.conftest import migrated_file, plays, process, rondom, store

__all__ = ["migrated_file", "plays", "process", "rondom", "store"]

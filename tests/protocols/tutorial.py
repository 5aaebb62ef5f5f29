"""Plays docs/protocols.md: writes the files it shows, step by step, and runs the commands it runs.

A block of YAML begins with the name of its file, and is all of it; one that begins with `# … and at the end:` is added.
A block of a console is one command after `$`, and what it prints.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TUTORIAL = Path(__file__).parents[2] / "docs" / "protocols.md"
_BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"# ([a-z_]+/[a-z]+\.yaml)(, and at the end:)?\n")


@dataclass(frozen=True)
class Written:
    """A step that writes a file, or adds to one."""

    file: str
    text: str
    added: bool

    def write(self, folder: Path) -> None:
        file = folder / self.file
        file.parent.mkdir(exist_ok=True)
        before = file.read_text() if self.added else ""
        file.write_text(before + self.text)


@dataclass(frozen=True)
class Run:
    """A step that runs a command, and what the text says it prints."""

    arguments: list[str]
    printed: str


def steps() -> Iterator[Written | Run]:
    """Yield the steps of the tutorial, in their order."""
    for kind, text in _BLOCK.findall(TUTORIAL.read_text()):
        if kind == "console":
            command, _, printed = text.partition("\n")
            assert command.startswith("$ rondom "), command
            yield Run(command.removeprefix("$ rondom ").split(), printed)
        else:
            named = _FILE.match(text)
            assert named, f"a block of YAML that names no file: {text[:60]}"
            yield Written(named[1], text[named.end() :], named[2] is not None)


def write_last_protocol(folder: Path) -> Path:
    """Write the files as they are at the end of the tutorial, and return the protocol's folder."""
    written = [step for step in steps() if isinstance(step, Written)]
    for step in written:
        step.write(folder)
    return folder / written[-1].file.split("/")[0]

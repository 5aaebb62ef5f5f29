"""Plays docs/protocols.md: writes the files it shows, step by step, and runs the commands it runs.

A block of YAML begins with the name of its file, and is all of it; one that begins with `# in` and that name is put
into what stands there already. A block of a console is one command after `$`, and what it prints.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TUTORIAL = Path(__file__).parents[2] / "docs" / "protocols.md"
_BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"# (in )?([a-z_]+/[a-z]+\.yaml)\n")


@dataclass(frozen=True)
class Written:
    """A step that writes a file."""

    file: str
    text: str

    def write(self, folder: Path) -> None:
        file = folder / self.file
        file.parent.mkdir(exist_ok=True)
        file.write_text(self.text)


@dataclass(frozen=True)
class PutIn:
    """A step that puts parts into a file."""

    file: str
    text: str

    def write(self, folder: Path) -> None:
        file = folder / self.file
        whole = _put_in(yaml.safe_load(file.read_text()), yaml.safe_load(self.text))
        file.write_text(yaml.safe_dump(whole, sort_keys=False, allow_unicode=True))


def _put_in(whole: Any, part: Any) -> Any:
    """Names get what is new in them, a new name before the known one that follows it; anything else is replaced."""
    if not (isinstance(whole, dict) and isinstance(part, dict)):
        return part
    known = dict(whole)
    waiting: dict[str, Any] = {}
    for name, value in part.items():
        if name not in known:
            waiting[name] = value
            continue
        at = list(known).index(name)
        items = list(known.items())
        known = dict([*items[:at], *waiting.items(), (name, _put_in(known[name], value)), *items[at + 1 :]])
        waiting = {}
    return known | waiting


@dataclass(frozen=True)
class Run:
    """A step that runs a command, and what the text says it prints."""

    arguments: list[str]
    printed: str


def steps() -> Iterator[Written | PutIn | Run]:
    """Yield the steps of the tutorial, in their order."""
    for kind, text in _BLOCK.findall(TUTORIAL.read_text()):
        if kind == "console":
            command, _, printed = text.partition("\n")
            assert command.startswith("$ rondom "), command
            yield Run(command.removeprefix("$ rondom ").split(), printed)
        else:
            named = _FILE.match(text)
            assert named, f"a block of YAML that names no file: {text[:60]}"
            yield (PutIn if named[1] else Written)(named[2], text[named.end() :])


def write_last_protocol(folder: Path) -> Path:
    """Write the files as they are at the end of the tutorial, and return the protocol's folder."""
    written = [step for step in steps() if isinstance(step, Written)]
    for step in written:
        step.write(folder)
    return folder / written[-1].file.split("/")[0]

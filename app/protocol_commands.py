"""The `rondom protocol` command: to look at, prove, draw, begin and try ways of meeting, in a terminal."""

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal, NoReturn

import typer
from pydantic import ValidationError

from app.protocol_docs import DOCS, SCHEMA, WORDS_SCHEMA, as_text
from app.protocol_walk import Walk
from app.settings import Settings
from protocols.catalogue import (
    LIBRARY,
    DefinitionError,
    Mistake,
    Protocol,
    declared_id,
    folders_in,
    load_protocol,
    package_folders,
)
from protocols.checks_course import Course
from protocols.definition import FRAMES
from protocols.drawing import svg
from protocols.mermaid import mermaid
from protocols.schema import protocol_schema, words_schema

protocol_commands = typer.Typer(help="Ways of meeting: look at them, prove them, draw them, begin one, try one.")

SKELETON: Final = LIBRARY.parent / "skeleton"
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FAULTS, _WRONG_USE = 1, 2

Name = Annotated[str, typer.Argument(metavar="NAME", help="The id of a protocol, or its folder.")]
Language = Annotated[str, typer.Option(help="The language of its words, such as nl.")]


@protocol_commands.command("list")
def list_protocols() -> None:
    """List the ways of meeting of this installation, and where each comes from."""
    rows, broken = [], 0
    for folder in _known_folders():
        try:
            protocol = load_protocol(folder)
        except DefinitionError as error:
            broken += 1
            rows.append((declared_id(folder), _count(len(error.found), "mistake"), "", "", _place(folder)))
            continue
        definition = protocol.definition
        rows.append(
            (
                definition.id,
                protocol.words("nl").title,
                " ".join(definition.languages),
                _count(len(definition.phases), "phase"),
                _place(folder),
            )
        )
    rows.sort()
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        name = typer.style(row[0].ljust(widths[0]), bold=True, fg=None if row[2] else typer.colors.RED)
        rest = "  ".join(part.ljust(width) for part, width in zip(row[1:4], widths[1:], strict=True))
        typer.echo(f"{name}  {rest}  {typer.style(row[4], dim=True)}")
    twice = _same_ids(row[0] for row in rows)
    for id_ in twice:
        _say_wrong(f"“{id_}” stands here more than once; rename all but one.")
    if broken:
        _say_wrong("Those in red have mistakes: `rondom protocol check` tells them.")
    if broken or twice:
        raise typer.Exit(_FAULTS)


@protocol_commands.command()
def check(
    name: Annotated[
        str, typer.Argument(metavar="[NAME-OR-FOLDER]", help="A protocol's id or folder; left out: all of them.")
    ] = "",
) -> None:
    """Prove that a protocol is sound, or tell each mistake with its line and what to do."""
    folders = [_folder_of(name)] if name else _known_folders()
    wrong = 0
    for folder in folders:
        try:
            typer.echo(f"{typer.style('✓', fg=typer.colors.GREEN, bold=True)} {_sound(load_protocol(folder))}")
        except DefinitionError as error:
            wrong += len(error.found)
            for mistake in error.found:
                _tell(mistake)
    twice = [] if name else _same_ids(declared_id(folder) for folder in folders)
    for id_ in twice:
        both = " and ".join(_place(folder) for folder in folders if declared_id(folder) == id_)
        _say_wrong(f"✗ {both} say to be “{id_}”; rename all but one.")
    if wrong:
        _say_wrong(f"{_count(wrong, 'mistake')}. Nobody can meet by this yet.")
    if wrong or twice:
        raise typer.Exit(_FAULTS)


@protocol_commands.command()
def draw(
    name: Name,
    format_: Annotated[Literal["svg", "mermaid"], typer.Option("--format", help="svg, or mermaid.")] = "svg",
    output: Annotated[Path | None, typer.Option(help="The file to write; left out: it is printed.")] = None,
    language: Language = "nl",
) -> None:
    """Draw a protocol: its phases, and the steps between them."""
    drawn = {"svg": svg, "mermaid": mermaid}[format_](_load(name), language)
    if output is None:
        typer.echo(drawn, nl=False)
    else:
        output.write_text(drawn, encoding="utf-8")
        typer.echo(f"Drawn in {output}.")


@protocol_commands.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its id: small letters, digits and _.")],
    folder: Annotated[
        Path | None, typer.Option(help="Where to put its folder; left out: the first of RONDOM_PROTOCOLS, or here.")
    ] = None,
) -> None:
    """Begin a protocol: a small one that works, with comments, to change into your own."""
    if not _ID.fullmatch(name):
        _refuse(
            f"“{name}” is no name: begin with a small letter, and use only small letters, digits and _, 40 at most."
        )
    if any(declared_id(known) == name for known in _known_folders()):
        _refuse(f"There is a protocol “{name}” already; choose another name.")
    around = folder or next(iter(_settings().protocols), Path())
    made = around / name
    if made.exists():
        _refuse(f"{made} is there already; choose another name, or take it away first.")
    made.mkdir(parents=True)
    for file in sorted(SKELETON.glob("*.yaml")):
        text = file.read_text(encoding="utf-8").replace("{id}", name)
        for placeholder, schema in (("{schema}", SCHEMA), ("{words_schema}", WORDS_SCHEMA)):
            text = text.replace(placeholder, Path(os.path.relpath(DOCS / schema, made)).as_posix())
        (made / file.name).write_text(text, encoding="utf-8")
    typer.echo(f"Begun: {made}/ with {', '.join(sorted(file.name for file in made.iterdir()))}. It works as it is.")
    typer.echo(f"  rondom protocol check {made}    proves it again after each change")
    typer.echo(f"  rondom protocol try {made}      walks through it")
    if around not in _settings().protocols:
        typer.echo(f"  RONDOM_PROTOCOLS={around}    lets `rondom serve` know it")


@protocol_commands.command("try")
def try_protocol(
    name: Name,
    frame: Annotated[
        Literal["voluntary", "pressure", "compulsory"], typer.Option(help="voluntary, pressure or compulsory.")
    ] = "voluntary",
    language: Language = "nl",
) -> None:
    """Walk through a protocol by typing numbers: who you are, which step you take, what you pretend is there."""
    Walk(_load(name), language, frame, typer.echo, input).go()


@protocol_commands.command()
def schema(
    words: Annotated[bool, typer.Option("--words", help="Of a text file, such as nl.yaml.")] = False,
) -> None:
    """Print the JSON Schema of protocol.yaml, for editors."""
    typer.echo(as_text(words_schema() if words else protocol_schema()), nl=False)


def _sound(protocol: Protocol) -> str:
    definition = protocol.definition
    nodes = sum(len(Course(definition, frame).nodes) for frame in FRAMES)
    private = " Private time is the circle's alone." if any(one.private for one in definition.phases.values()) else ""
    return (
        f"{definition.id} is sound: {_count(len(definition.phases), 'phase')}, "
        f"{_count(len(definition.moves), 'move')}, {_count(len(definition.roles), 'role')}, "
        f"{_count(len(definition.boards), 'board')}, in {' and '.join(definition.languages)}; "
        f"every phase is reached and from each an end, whatever goes missing ({nodes} situations in three frames)."
        f"{private}"
    )


def _tell(mistake: Mistake | str) -> None:
    cross = typer.style("✗", fg=typer.colors.RED, bold=True)
    if isinstance(mistake, str):
        typer.echo(f"{cross} {mistake}")
        return
    line = f":{mistake.line}" if mistake.line else ""
    place = f"  {mistake.place}" if mistake.place else ""
    typer.echo(f"{cross} {typer.style(_place(mistake.file) + line, bold=True)}{typer.style(place, dim=True)}")
    problem, remedy = mistake.fault.problem, mistake.fault.remedy
    typer.echo(_wrapped(f"{problem[:1].upper()}{problem[1:]}.", "  "))
    typer.echo(_wrapped(f"{remedy[:1].upper()}{remedy[1:]}.", typer.style("  → ", fg=typer.colors.GREEN), "    "))


def _wrapped(text: str, first: str, further: str | None = None) -> str:
    # Only for people: a program that reads along gets each sentence whole.
    if not sys.stdout.isatty():
        return first + text
    width = min(shutil.get_terminal_size().columns, 100)
    lines = textwrap.wrap(text, width - 4, break_long_words=False, break_on_hyphens=False)
    return first + f"\n{first if further is None else further}".join(lines)


def _load(name: str) -> Protocol:
    try:
        return load_protocol(_folder_of(name))
    except DefinitionError as error:
        for mistake in error.found:
            _tell(mistake)
        raise typer.Exit(_FAULTS) from error


def _folder_of(name: str) -> Path:
    """Find a protocol by its folder, or by its id in this installation; the others may be broken."""
    folder = Path(name)
    if (folder / "protocol.yaml").is_file():
        return folder
    if folder.name == "protocol.yaml" and folder.is_file():
        return folder.parent
    known = _known_folders()
    found = [one for one in known if declared_id(one) == name]
    if len(found) > 1:
        _refuse(f"{' and '.join(str(one) for one in found)} both say to be “{name}”; name the folder.")
    if not found:
        ids = ", ".join(sorted({declared_id(one) for one in known}))
        _refuse(f"There is no protocol “{name}” here, and no folder with a protocol.yaml. Known are: {ids}.")
    return found[0]


def _known_folders() -> list[Path]:
    try:
        return folders_in(LIBRARY, *package_folders(), *_settings().protocols)
    except DefinitionError as error:
        _refuse("\n".join(error.mistakes))


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        named = ", ".join(f"RONDOM_{str(part['loc'][0]).upper()}: {part['msg']}" for part in error.errors())
        _refuse(f"A setting is wrong. {named}")


def _same_ids(ids: Iterable[str]) -> list[str]:
    known = list(ids)
    return sorted({id_ for id_ in known if known.count(id_) > 1})


def _place(path: Path) -> str:
    """A path as somebody would type it from here."""
    # Not Path.resolve, which raises for a link that leads to itself: its mistake is still to be told.
    whole, here = Path(os.path.realpath(path)), Path.cwd()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(path)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _say_wrong(sentence: str) -> None:
    typer.echo(typer.style(sentence, fg=typer.colors.RED), err=True)


def _refuse(sentence: str) -> NoReturn:
    _say_wrong(sentence)
    raise typer.Exit(_WRONG_USE)

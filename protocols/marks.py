"""Reads YAML with the line of each part, so that a mistake can be pointed at."""

from pathlib import Path
from typing import Any

import yaml

Path_ = tuple[str, ...]

# The same reader, written in C where the machine has it: five times as fast.
_Reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """A file that is not there, is no YAML, or says something twice: what is wrong, on which line, and what to do."""

    def __init__(self, problem: str, line: int | None, remedy: str = "mend it here") -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.remedy = remedy


def read_marked(file: Path) -> tuple[Any, dict[Path_, int]]:
    """Return a file's content and the line of each part, by path. Raises Unreadable, whatever the file is."""
    text = _text_of(file)
    lines: dict[Path_, int] = {}
    try:
        content, node = _parsed(text)
        if node is not None:
            _mark(node, (), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise Unreadable(error.problem or "this is no YAML", mark.line + 1 if mark else None) from error
    except yaml.YAMLError as error:
        raise Unreadable("this is no YAML", None) from error
    except ValueError as error:
        # YAML sees dates and numbers by their look, and says of one that cannot be only that, without its line.
        raise Unreadable(
            f"a date or number that cannot be ({error})", None, "put it between quotes if it is a text"
        ) from error
    except RecursionError as error:
        raise Unreadable("its parts stand in each other without an end", None, "write each part out") from error
    return content, lines


def _text_of(file: Path) -> str:
    try:
        written = file.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("this file is not there", None, "write it") from error
    except IsADirectoryError as error:
        raise Unreadable(
            "this is a folder, and a file belongs here", None, "take it away, and write a file of this name"
        ) from error
    except OSError as error:
        raise Unreadable(f"this file cannot be read ({error.strerror})", None, "let who runs Rondom read it") from error
    try:
        text = written.decode()
    except UnicodeDecodeError as error:
        # An editor that saves “é” in the way of Windows: the first such letter tells where.
        line = written.count(b"\n", 0, error.start) + 1
        raise Unreadable("this letter is not written in UTF-8", line, "save it as UTF-8") from error
    hidden = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if hidden is not None:
        line = text.count("\n", 0, hidden.start()) + 1
        raise Unreadable("a sign that nobody sees stands in this line", line, "write the line anew")
    return text


def _parsed(text: str) -> tuple[Any, yaml.Node | None]:
    reader = _Reader(text)
    try:
        node = reader.get_single_node()
        return (None if node is None else reader.construct_document(node)), node
    finally:
        reader.dispose()


def line_of(path: Path_, lines: dict[Path_, int]) -> int | None:
    """Return the line of a part, or of the nearest part around it."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path)


def _mark(node: yaml.Node, path: Path_, lines: dict[Path_, int]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _must_be_a_text(key)
            inner = (*path, str(key.value))
            if inner in lines:
                # YAML keeps the last and says nothing, so that a whole move can be lost.
                raise Unreadable(f"“{key.value}” stands here a second time", key.start_mark.line + 1)
            lines[inner] = key.start_mark.line + 1
            _mark(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            _mark(value, (*path, str(position)), lines)


def _must_be_a_text(key: yaml.Node) -> None:
    """Every key of ours is a text, and YAML takes some words for something else. Raises Unreadable."""
    kind = key.tag.rpartition(":")[2]
    if kind in ("str", "merge"):
        return
    seen = "yes or no" if kind == "bool" else "nothing" if kind == "null" else "a number or a day"
    remedy = f'put it between quotes: "{key.value}"'
    raise Unreadable(f"“{key.value}” is no name to YAML, but {seen}", key.start_mark.line + 1, remedy)

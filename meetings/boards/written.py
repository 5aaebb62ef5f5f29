"""What people wrote in the instruments of a board, as typed values: one shape per kind, read from the board's document.

What people typed is taken as it is; what no screen of ours can have made is left out, for anybody with write access can
send anything. The plan and the review have shapes of their own (meetings/plan/values.py).
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from pycrdt import Doc, Map, Text
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from meetings.plan.values import Identifier, Words
from protocols.definition import Definition
from protocols.instruments import Columns, Houses, Instrument
from protocols.requirements import Written

MOST_LINES: Final = 200
MOST_STROKES: Final = 500
Stroke = Annotated[str, StringConstraints(max_length=4000, pattern=r"^(ink|red|blue|green|yellow)( \d{1,4},\d{1,4})+$")]


class Line(BaseModel):
    """A line of an instrument. `row` is its own id."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    row: Identifier

    @property
    def part(self) -> str:
        """The list it stands in, where its instrument has several."""
        return ""

    @property
    def is_blank(self) -> bool:
        """Whether nobody wrote anything in it yet."""
        return not any(isinstance(value, str) and value.strip() for name, value in self if name not in _NO_WORDS)

    @property
    def is_finished(self) -> bool:
        """Whether it lacks nothing that its kind asks for."""
        return not self.is_blank


class ListLine(Line):
    """A line of a list, and whose it is."""

    text: Words = ""
    person: Identifier | None = None


class Card(ListLine):
    """A card in one of the lists of the columns."""

    list_: Identifier = Field(default="", alias="part")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    @property
    def part(self) -> str:
        return self.list_


class CheckLine(ListLine):
    """A line to tick off."""

    done: bool = False

    @property
    def is_finished(self) -> bool:
        return self.done


class Pair(Line):
    """A danger with its goal, and what nought and ten mean on its scale."""

    danger: Words = ""
    goal: Words = ""
    zero: Words = ""
    ten: Words = ""

    @property
    def is_finished(self) -> bool:
        return all(text.strip() for text in (self.danger, self.goal, self.zero, self.ten))


class PhoneLine(Line):
    """Somebody to call, and when."""

    name: Words = ""
    number: Words = ""
    when: Words = ""


class House(BaseModel):
    """One of the three houses: the child's words, and its strokes in the order they were drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: Words = ""
    ink: dict[str, Stroke] = {}

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written or drawn."""
        return not self.text.strip() and not self.ink


_NO_WORDS: Final = ("row", "list_", "person", "done")
_LINES: Final[Mapping[str, type[Line]]] = {
    "list": ListLine,
    "columns": Card,
    "checklist": CheckLine,
    "pairs": Pair,
    "phone_list": PhoneLine,
}

Value = str | tuple[Line, ...] | dict[str, House]


def roots_of(instruments: tuple[Instrument, ...]) -> frozenset[str]:
    """Return the names of the root types of a board's document: one for an instrument, two for each house."""
    roots: set[str] = set()
    for one in instruments:
        if isinstance(one, Houses):
            roots |= {root for house in one.houses for root in (f"{one.id}.{house}", f"{one.id}.{house}.ink")}
        else:
            roots.add(one.id)
    return frozenset(roots)


def read_written(document: "Doc[Any]", definition: Definition, board: str) -> dict[str, Value]:
    """Return what stands in each instrument of a board but the plan and the review, by the instrument's id."""
    return {
        one.id: _READERS[one.kind](document, one)
        for one in definition.boards[board].instruments
        if one.kind in _READERS
    }


def as_json(written: Mapping[str, Value]) -> dict[str, Any]:
    """Return what was written as values that JSON can hold."""
    return {id_: _json(value) for id_, value in written.items()}


def summary_of(instrument: Instrument, value: Value) -> Written:
    """Return how much stands in an instrument, as requirements ask it."""
    if isinstance(value, str):
        return Written({"": int(bool(value.strip()))})
    if isinstance(value, dict):
        lines = {house: int(not made.is_blank) for house, made in value.items()}
        return Written({"": sum(lines.values()), **lines})
    said = [line for line in value if not line.is_blank]
    lines = {"": len(said)}
    for line in said:
        for part in _parts_of(instrument, line.part):
            lines[part] = lines.get(part, 0) + 1
    return Written(lines, sum(not line.is_finished for line in said))


def _parts_of(instrument: Instrument, part: str) -> set[str]:
    if not isinstance(instrument, Columns):
        return set()
    return {part, *(column for column, lists in instrument.columns.items() if part in lists)}


def _json(value: Value) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {house: made.model_dump(mode="json") for house, made in value.items()}
    return [line.model_dump(mode="json") for line in value]


def map_at(document: "Doc[Any]", root: str) -> dict[str, Any]:
    """Return the values of a map of the document; nothing when something else has its name."""
    try:
        values = document.get(root, type=Map).to_py()
    except (TypeError, RuntimeError, ValueError):
        return {}
    return values or {}


def text_at(document: "Doc[Any]", root: str) -> str:
    """Return a text of the document; nothing when something else has its name."""
    try:
        return typed_words(str(document.get(root, type=Text)))
    except (TypeError, RuntimeError, ValueError):
        return ""


def typed_words(value: Any) -> str:
    """Return what somebody typed, without signs that cannot be kept, and no longer than a field is."""
    return "".join(sign for sign in str(value) if sign >= " " or sign in "\n\t")[:4000] if value else ""


def _read_lines(document: "Doc[Any]", instrument: Instrument) -> tuple[Line, ...]:
    shape = _LINES[instrument.kind]
    found: list[tuple[str, str, Line]] = []
    for row, values in map_at(document, instrument.id).items():
        if not isinstance(values, dict) or values.get("removed"):
            continue
        line = _line(shape, row, values)
        if line is not None and (not isinstance(instrument, Columns) or line.part in instrument.lists):
            found.append((str(values.get("order", "")), row, line))
    found.sort(key=lambda one: one[:2])
    return tuple(line for _order, _row, line in found[:MOST_LINES])


def _line(shape: type[Line], row: str, values: dict[str, Any]) -> Line | None:
    given: dict[str, Any] = {"row": row}
    for name, field in shape.model_fields.items():
        key = field.alias or name
        if name in ("person", "list_"):
            if isinstance(values.get(key), str):
                given[key] = values[key] or None
        elif name == "done":
            given[key] = values.get(key) is True
        elif name != "row":
            given[key] = typed_words(values.get(key))
    try:
        return shape.model_validate(given)
    except ValidationError:
        return None


def _read_houses(document: "Doc[Any]", instrument: Instrument) -> dict[str, House]:
    return {
        house: House(
            text=text_at(document, f"{instrument.id}.{house}"),
            ink=_ink(map_at(document, f"{instrument.id}.{house}.ink")),
        )
        for house in instrument.parts
    }


def _ink(strokes: dict[str, Any]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for key in sorted(strokes)[:MOST_STROKES]:
        try:
            kept |= House(ink={key: strokes[key]}).ink
        except ValidationError:
            continue
    return kept


def _read_text(document: "Doc[Any]", instrument: Instrument) -> str:
    return text_at(document, instrument.id)


_READERS: Final[Mapping[str, Callable[["Doc[Any]", Instrument], Value]]] = {
    "text": _read_text,
    "houses": _read_houses,
    **dict.fromkeys(_LINES, _read_lines),
}

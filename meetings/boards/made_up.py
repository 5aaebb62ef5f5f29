"""Writes a few made-up lines in whatever a board is made of, for who rehearses; the plan has its own way in."""

from collections.abc import Mapping, Sequence
from typing import Any

from fractional_indexing import generate_n_keys_between
from pycrdt import Doc, Map, Text

from protocols.instruments import Columns, Instrument

# What people type is a text that several can type in at once; the rest of a line is plain.
_PLAIN = ("order", "part", "person", "done")


def update_with_lines(instruments: Sequence[Instrument], made_up: Mapping[str, Any], person: str) -> bytes | None:
    """Return the Yjs update that fills an empty board, in the name of a person, or None when there is nothing to fill.

    `made_up` holds what to write by the kind of instrument: one text, or lines.
    """
    document: Doc[Any] = Doc()
    with document.transaction():
        for instrument in instruments:
            if instrument.kind == "text":
                document.get(instrument.id, type=Text).insert(0, made_up["text"])
            elif instrument.kind == "houses":
                for house, words in zip(instrument.parts, made_up["houses"], strict=True):
                    document.get(f"{instrument.id}.{house}", type=Text).insert(0, words)
            elif instrument.kind not in ("plan", "review"):
                _write_lines(document.get(instrument.id, type=Map), _lines(instrument, made_up, person))
    return document.get_update() if document.get_state() != Doc().get_state() else None


def _lines(instrument: Instrument, made_up: Mapping[str, Any], person: str) -> list[dict[str, Any]]:
    if isinstance(instrument, Columns):
        return [{"part": part, "text": made_up["columns"], "person": person} for part in instrument.lists]
    lines: list[dict[str, Any]] = made_up[instrument.kind][: getattr(instrument, "most", None)]
    return [{**line, "person": person} if getattr(instrument, "person", False) else {**line} for line in lines]


def _write_lines(rows: "Map[Any]", lines: list[dict[str, Any]]) -> None:
    for number, (line, order) in enumerate(zip(lines, generate_n_keys_between(None, None, len(lines)), strict=True)):
        rows[f"line{number}"] = Map(
            {name: value if name in _PLAIN else Text(value) for name, value in {"order": order, **line}.items()}
        )

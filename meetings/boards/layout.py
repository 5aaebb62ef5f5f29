"""What a protocol's boards are made of: which board holds the plan, and the names of its instruments."""

from protocols.definition import Definition


def plan_board(definition: Definition) -> str | None:
    """Return the board that holds the plan everybody agrees on: the one with a plan that is not the circle's own."""
    for board, made_of in definition.boards.items():
        if not made_of.circle and any(instrument.kind == "plan" for instrument in made_of.instruments):
            return board
    return None


def instrument_of_kind(definition: Definition, board: str, kind: str) -> str:
    """Return the id of a board's instrument of this kind. Raises KeyError when the board has none."""
    for instrument in definition.boards[board].instruments:
        if instrument.kind == kind:
            return instrument.id
    raise KeyError(f"{board} has no {kind}")

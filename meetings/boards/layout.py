"""What a protocol's boards are made of: which board holds the plan, and the names of its instruments."""

from protocols.definition import Definition


def plan_board(definition: Definition) -> str | None:
    """Return the board that holds the plan everybody agrees on: the one with a plan that is not the circle's own."""
    return definition.plan_board


def plan_instruments(definition: Definition, board: str) -> tuple[str | None, str | None]:
    """Return the ids of a board's plan and of its review; None for what it does not have."""
    ids = {instrument.kind: instrument.id for instrument in definition.boards[board].instruments}
    return ids.get("plan"), ids.get("review")


def looked_at(definition: Definition) -> list[str]:
    """Return the boards that the meeting looks at itself: the plan, and those of requirements, scales and stances."""
    named = {use.of for move in definition.moves.values() for use in move.requires if use.of is not None}
    named |= {voice.of for voice in definition.voices.values() if voice.kind == "scale" and voice.of is not None}
    boards = {of.split(".")[0] for of in named if "." in of} | {plan_board(definition)}
    boards |= {board for board, one in definition.instruments() if one.kind == "columns" and one.stances}
    return [board for board in definition.boards if board in boards]

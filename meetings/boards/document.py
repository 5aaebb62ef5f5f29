"""Between a board's Yjs document and typed values: reads plans out of it and writes whole values into it.

The server never edits a text by index: pycrdt counts UTF-8 bytes there, and browsers would diverge
(security.md F4). It only sets new texts whole.
"""

from typing import Any

from fractional_indexing import generate_n_keys_between
from pycrdt import Doc, Map, Text
from pydantic import TypeAdapter, ValidationError

from meetings.boards.layout import plan_instruments
from meetings.boards.written import as_json, map_at, read_written, typed_words
from meetings.plan.values import Agreement, BoardValues, PlanValues, Review, When
from protocols.definition import Definition

_when = TypeAdapter[Any](When)


def read_plan(document: "Doc[Any]", agreements: str | None, review: str | None) -> PlanValues:
    """Read the plan from the instruments of these names.

    What people typed is taken as it is; a part that no screen of ours can have made (an unknown kind of date,
    a number for a name) is read as empty, because anybody with write access can send anything.
    """
    rows = map_at(document, agreements) if agreements else {}
    read = [_agreement(row, rows[row]) for row in rows if isinstance(rows[row], dict)]
    read.sort(key=lambda pair: (pair[0], pair[1].row if pair[1] else ""))
    found = map_at(document, review) if review else {}
    return PlanValues(
        agreements=tuple(agreement for _order, agreement in read if agreement is not None)[:200],
        review=_checked_review(found),
    )


def read_board(document: "Doc[Any]", definition: Definition, board: str) -> BoardValues:
    """Read all that stands on a board: the plan, where it has one, and what was written in its other instruments."""
    plan = read_plan(document, *plan_instruments(definition, board))
    return BoardValues(
        agreements=plan.agreements,
        review=plan.review,
        instruments=as_json(read_written(document, definition, board)),
    )


def _agreement(row: str, values: dict[str, Any]) -> tuple[str, Agreement | None]:
    order = str(values.get("order", ""))
    if values.get("removed"):
        return order, None
    who = values.get("who")
    named = tuple(sorted(person for person, named in who.items() if named)) if isinstance(who, dict) else ()
    try:
        return order, Agreement(
            row=row,
            who=named,
            what=typed_words(values.get("what")),
            when=_checked_when(values.get("when")),
            checker=values.get("checker") if isinstance(values.get("checker"), str) else None,
            otherwise=typed_words(values.get("otherwise")),
            proposed=bool(values.get("proposal")),
        )
    except ValidationError:
        return order, None


def _checked_when(value: Any) -> Any:
    try:
        return None if value is None else _when.validate_python(value)
    except ValidationError:
        return None


def _checked_review(values: dict[str, Any]) -> Review:
    try:
        return Review(date=values.get("date") or None, convener=values.get("convener") or None)
    except ValidationError:
        return Review()


def update_with_plan(state: bytes | None, plan: PlanValues, agreements: str, review: str | None) -> bytes:
    """Return the Yjs update that turns a board of this state into one that holds exactly these values.

    Lines that stay the same are left untouched, so that nobody's caret jumps. A line that is not in `plan` is
    marked as removed; a line that changed is set anew under its own row id.
    """
    document: Doc[Any] = Doc()
    if state:
        document.apply_update(state)
    now = {agreement.row: agreement for agreement in read_plan(document, agreements, review).agreements}
    before = document.get_state()
    rows: Map[Any] = document.get(agreements, type=Map)
    orders = generate_n_keys_between(None, None, len(plan.agreements))
    with document.transaction():
        for row in [row for row in list(rows.keys()) if plan.agreement(row) is None]:
            rows[row]["removed"] = True
        for agreement, order in zip(plan.agreements, orders, strict=True):
            if now.get(agreement.row) == agreement:
                rows[agreement.row]["order"] = order
            else:
                rows[agreement.row] = _line(agreement, order)
        if review is not None:
            look_back: Map[Any] = document.get(review, type=Map)
            if plan.review.date is not None:
                look_back["date"] = plan.review.date.isoformat()
            if plan.review.convener is not None:
                look_back["convener"] = plan.review.convener
    return document.get_update(before)


def _line(agreement: Agreement, order: str) -> "Map[Any]":
    values: dict[str, Any] = {
        "order": order,
        "who": Map(dict.fromkeys(agreement.who, True)),
        "what": Text(agreement.what),
        "otherwise": Text(agreement.otherwise),
    }
    if agreement.when is not None:
        values["when"] = agreement.when.model_dump(mode="json", exclude_none=True)
    if agreement.checker is not None:
        values["checker"] = agreement.checker
    if agreement.proposed:
        values["proposal"] = True
    return Map(values)

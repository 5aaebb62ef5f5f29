"""The plan as typed values: who does what, when, who keeps an eye on it, and what if it goes otherwise.

Read from a board, shown before the door opens, frozen for signing: always this one shape.
"""

import datetime
import hashlib
import re
from typing import Annotated, Any, Literal

import rfc8785
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Weekday = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]
# Control signs, halves of signs, and the marks that turn the text after them around.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e]|[\ud800-\udfff]")


def plain_text(text: str) -> str:
    """Return `text` when people can have typed it; raises ValueError for control signs such as NUL."""
    if _CONTROL.search(text):
        raise ValueError("This text holds signs that cannot be kept, such as NUL.")
    return text


Words = Annotated[str, StringConstraints(max_length=4000), AfterValidator(plain_text)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OnDate(_Value):
    """Once, on a date."""

    kind: Literal["date"]
    date: datetime.date


class InRhythm(_Value):
    """Again and again: every day, on days of each (second) week, or every month; perhaps until a date."""

    kind: Literal["rhythm"]
    every: Literal["day", "week", "two_weeks", "month"]
    days: tuple[Weekday, ...] = Field(default=(), max_length=7)
    until: datetime.date | None = None


When = Annotated[OnDate | InRhythm, Field(discriminator="kind")]


class Agreement(_Value):
    """One line of the plan. `who` holds participant ids; `row` is the line's own id.

    `proposed`: who leads wrote it where their proposals are labelled, and the circle did not take it over yet.
    """

    row: Identifier
    who: tuple[Identifier, ...] = Field(default=(), max_length=60)
    what: Words = ""
    when: When | None = None
    checker: Identifier | None = None
    otherwise: Words = ""
    proposed: bool = False

    @property
    def blank(self) -> bool:
        """Whether nobody filled in anything yet."""
        return not (self.who or self.what.strip() or self.when or self.checker or self.otherwise.strip())

    @property
    def hash(self) -> str:
        """SHA-256 over what the agreement says, so that a yes belongs to these words and no others."""
        says = self.model_dump(mode="json", exclude={"row", "proposed"}, exclude_none=True)
        says["who"] = sorted(self.who)
        says["what"], says["otherwise"] = self.what.strip(), self.otherwise.strip()
        return hashlib.sha256(rfc8785.dumps(says)).hexdigest()


class Review(_Value):
    """When the circle looks back, and who of them calls everybody together."""

    date: datetime.date | None = None
    convener: Identifier | None = None


class PlanValues(_Value):
    """A whole plan, in its order."""

    agreements: tuple[Agreement, ...] = Field(default=(), max_length=200)
    review: Review = Review()

    def agreement(self, row: str) -> Agreement | None:
        """Return one line, or None."""
        return next((agreement for agreement in self.agreements if agreement.row == row), None)

    @property
    def doers(self) -> set[str]:
        """Everybody who is named in an agreement."""
        return {person for agreement in self.agreements for person in agreement.who}

    @property
    def named(self) -> set[str]:
        """Everybody the plan names: who does something, who keeps an eye on it, who calls the review."""
        others = {agreement.checker for agreement in self.agreements} | {self.review.convener}
        return self.doers | {person for person in others if person is not None}

    def as_json(self) -> dict[str, Any]:
        """Return the values as JSON holds them."""
        return self.model_dump(mode="json")


class BoardValues(PlanValues):
    """A board: its plan, if it has one, and by the instrument's id what was written in its other instruments."""

    instruments: dict[str, Any] = {}

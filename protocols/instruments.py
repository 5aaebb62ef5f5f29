"""What boards are made of and what people are asked aloud: each kind with the settings that a protocol may give it.

An instrument is written together, on a board. A voice is one person's own, and never stands on a board (DESIGN.md §2).
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

MOST_PAIRS: Final = 3


def _as_written(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("write a whole number here, without quotes")
    return value


# YAML has numbers and yes-or-no of its own: "3" in quotes is a word, and no number.
AS_WRITTEN: Final = BeforeValidator(_as_written)
Whole = Annotated[int, AS_WRITTEN]
YesNo = Annotated[bool, Field(strict=True)]


class Part(BaseModel):
    """Any part of a definition: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Instrument(Part):
    id: Id

    @property
    def parts(self) -> tuple[str, ...]:
        """What has a label of its own in the texts: columns, lists, houses."""
        return ()


class Plan(_Instrument):
    """Who does what, when, who keeps an eye on it, and what if it goes otherwise."""

    kind: Literal["plan"]


class Review(_Instrument):
    """The day to look back, and who calls everybody together."""

    kind: Literal["review"]


class Text(_Instrument):
    """One text that everybody writes together, under a question."""

    kind: Literal["text"]


class List(_Instrument):
    """Things in a list; with `person`, each with somebody it belongs to, such as who said it or who does it."""

    kind: Literal["list"]
    person: YesNo = True
    most: Whole = Field(default=100, ge=1, le=100)


class Columns(_Instrument):
    """Two to four columns of cards, each with lists of its own, such as what happened and what may happen.

    With `stances` everybody can say to see a card the same way or not, and it stays in (methods.md §5.2).
    """

    kind: Literal["columns"]
    columns: dict[Id, tuple[Id, ...]] = Field(min_length=2, max_length=4)
    stances: YesNo = False

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists of all columns, in their order; a column without lists is one itself."""
        return tuple(one for column, lists in self.columns.items() for one in lists or (column,))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.columns, *self.lists]))


class Pairs(_Instrument):
    """What somebody fears and what must be seen instead, with both ends of its scale (methods.md §5.3)."""

    kind: Literal["pairs"]
    most: Whole = Field(default=MOST_PAIRS, ge=1, le=MOST_PAIRS)


class Houses(_Instrument):
    """Three houses that a child draws or writes in, in its own words (methods.md §5.7)."""

    kind: Literal["houses"]
    houses: tuple[Id, ...] = Field(default=("worries", "good", "dreams"), min_length=3, max_length=3)

    @property
    def parts(self) -> tuple[str, ...]:
        return self.houses


class Checklist(_Instrument):
    """Things to tick off; with `person`, each with who does it."""

    kind: Literal["checklist"]
    person: YesNo = False


class PhoneList(_Instrument):
    """Who to call, when, also at night."""

    kind: Literal["phone_list"]


_Instruments = Annotated[
    Plan | Review | Text | List | Columns | Pairs | Houses | Checklist | PhoneList, Field(discriminator="kind")
]

KindAlone = Literal["plan", "review", "text", "list", "pairs", "houses", "checklist", "phone_list"]


def _from_kind(given: Any) -> Any:
    """A kind alone is an instrument of that kind, with its usual settings, named after what stands in it."""
    return {"id": "agreements" if given == "plan" else given, "kind": given} if isinstance(given, str) else given


Instrument = Annotated[_Instruments, BeforeValidator(_from_kind, json_schema_input_type=KindAlone | _Instruments)]

# Their labels are the same in every protocol, and stand with the screens.
WITHOUT_WORDS: Final = ("plan", "review")


class _Voice(Part):
    """Who is asked, who asks and shows the answers to everybody, and when."""

    by: tuple[str, ...] = Field(min_length=1)
    asked_by: tuple[str, ...] = Field(min_length=1)
    phases: tuple[str, ...] = Field(min_length=1)


class Scale(_Voice):
    """A number from 0 to 10, given hidden and shown together; with `of`, one for each pair of that instrument."""

    kind: Literal["scale"]
    of: str | None = None


class Round(_Voice):
    """Everybody says yes, no or pass to one question; shown together."""

    kind: Literal["round"]


Voice = Annotated[Scale | Round, Field(discriminator="kind")]

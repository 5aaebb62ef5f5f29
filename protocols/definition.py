"""The shape of a protocol: what protocol.yaml may say, and what its text files must say.

Structure and words are apart: protocol.yaml has no word that people see, a text file no structure. Whether the parts
of a definition fit each other is asked in checks.py; here is only what each part may be by itself.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PrivateAttr,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticKnownError
from pydantic_core.core_schema import with_info_after_validator_function

from protocols.instruments import AS_WRITTEN, WITHOUT_WORDS, Id, Instrument, Part, Voice, Whole, YesNo

Side = Literal["circle", "professional", "facilitator", "neutral"]
SIDES: Final = ("circle", "professional", "facilitator", "neutral")
CENTRAL_PERSON: Final = "central_person"
EVERYONE: Final = "everyone"
FRAMES: Final = ("voluntary", "pressure", "compulsory")

ACTS: Final = {
    "see_people": "see who takes part",
    "see_answers": "see who said yes to which agreement",
    "add_person": "put somebody on the circle list",
    "manage_people": "change the circle list and make links",
    "look_up_contact": "look up how to reach somebody, on record",
    "consent": "say yes or no to somebody's taking part",
    "set_question": "set the question of the meeting",
    "set_appointment": "set day and place",
    "say_yes_to_meeting": "say yes or no to having the meeting",
    "say_go": "say that the meeting may begin",
    "say_independent": "say to have no other part in this",
    "give_statement": "give the central person's own words",
    "give_view": "give one's own part of the information sheet",
    "set_bottom_line": "set a safety minimum",
    "set_late_bottom_line": "set a safety minimum after the fact, with a reason",
    "read_bottom_lines_aloud": "say that the bottom lines were read aloud to everybody",
    "give_verdict": "say whether the plan meets a bottom line",
    "read_sheet": "read the information sheet",
    "read_bottom_lines": "read the bottom lines",
    "say_no_questions": "say to have no more questions",
    "say_ready": "say to be ready, for oneself",
    "call": "call somebody in from private time",
    "say_stance": "say to see a card the same way, or not",
    "show_board": "say who may see the central person's own board",
    "answer_agreement": "say yes or no to one's own agreement",
    "sign": "sign the frozen plan",
    "read_plan": "read the frozen plan",
    "look_ahead": "read what later phases are like, without moving anybody",
    "hand_over_lead": "let a colleague in to lead, and step back",
}


class Role(Part):
    """A role, and the side it stands on. With `proposes`, what it adds to the plan is labelled as its proposal."""

    side: Side
    proposes: YesNo = False


class BoardMade(Part):
    """A board: whether it belongs to the circle alone, and what it is made of, from the top down."""

    circle: YesNo = False
    custody: Literal["open"] = "open"
    instruments: tuple[Instrument, ...] = Field(min_length=1)


class Act(Part):
    """Who may do an act, and in which phases."""

    by: tuple[str, ...] = Field(min_length=1)
    phases: tuple[str, ...] | Literal["all"]


class BoardRights(Part):
    """Who reads and writes a board in a phase. Who writes, reads. Absent means no access.

    Those of `shown` read it once somebody who may `show_board` said so of them, or of everybody.
    """

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @property
    def by_right(self) -> dict[str, tuple[str, ...]]:
        """Each right with those who have it, the strongest first."""
        return {"write": self.write, "read": self.read, "shown": self.shown}


class Phase(Part):
    """One phase. `minutes` is what is usual, never a limit, and never given in private time.

    `opens` is the board that the phase is about: it lies in front for whoever may read it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"private": {"const": True}}, "required": ["private"]},
            "then": {"properties": {"minutes": {"type": "null"}}},
        }
    )

    private: YesNo = False
    final: YesNo = False
    on_road: YesNo = False
    minutes: Annotated[int, Field(ge=1, le=600), AS_WRITTEN] | None = None
    boards: dict[str, BoardRights] = Field(default_factory=dict)
    opens: Id | None = None

    @model_validator(mode="after")
    def _no_limit_in_private_time(self) -> "Phase":
        if self.private and self.minutes is not None:
            raise ValueError("private time has no minutes; take them out")
        return self


class Requirement(Part):
    """The use of a named requirement on a move. Without `frames` it holds in each frame.

    Some requirements ask `of` what (a board's instrument, a voice, a side or role) and how many at the `least`; `says`
    names another sentence than their usual one.
    """

    name: str
    hard: YesNo
    frames: tuple[Literal["voluntary", "pressure", "compulsory"], ...] = ()
    of: str | None = None
    least: Whole = Field(default=1, ge=1, le=50)
    says: Id | None = None


# The requirements that a move may ask anew: what fulfils them is given for one meeting, and not for the next.
AskedAnew = Literal[
    "central_person_go", "info_same", "bottomlines_read", "meeting_appointed", "all_prepared", "safe_to_meet"
]


class Confirm(Part):
    """A second person confirms, or so many seconds pass in which nobody says "nog niet"."""

    seconds: Whole = Field(ge=5, le=600)


class FromTo(Part):
    """Values that go from one board to another."""

    from_: str = Field(alias="from")
    to: str


def _from_side(given: Any) -> Any:
    return {"side": given} if isinstance(given, str) else given


def _from_instruments(given: Any) -> Any:
    return {"instruments": given} if isinstance(given, list) else given


def _from_name(given: Any) -> Any:
    return {"name": given, "hard": True} if isinstance(given, str) else given


# What is usual may be said short: a role by its side, a board by what it is made of, a hard requirement by its name.
ShortRole = Annotated[Role, BeforeValidator(_from_side, json_schema_input_type=Side | Role)]
ShortBoard = Annotated[
    BoardMade,
    BeforeValidator(
        _from_instruments,
        json_schema_input_type=Annotated[tuple[Instrument, ...], Field(min_length=1)] | BoardMade,
    ),
]
ShortRequirement = Annotated[Requirement, BeforeValidator(_from_name, json_schema_input_type=str | Requirement)]


class Move(Part):
    """A transition: from where, to where, by whom, under which requirements, and what it does to the boards.

    What was given before it for a requirement that it `asks_anew` no longer counts.
    """

    _id: str = PrivateAttr("")
    from_: tuple[str, ...] = Field(alias="from", min_length=1)
    to: str
    by: tuple[str, ...] = Field(min_length=1)
    requires: tuple[ShortRequirement, ...] = ()
    reason: Literal["required"] | None = None
    confirm: Confirm | None = None
    direction: Literal["forward", "back", "stop"] = "forward"
    back: str | None
    releases: FromTo | None = None
    copies: FromTo | None = None
    freezes: str | None = None
    asks_anew: tuple[AskedAnew, ...] = ()

    @property
    def id(self) -> str:
        """The name that the definition gives this move."""
        return self._id


Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Definition(Part):
    """A whole protocol.yaml.

    Left out: the central person has the first role of the circle; each phase but the ends is on the road; and the acts
    are the usual ones (see usual_acts.py).
    """

    id: Id
    version: Whole = Field(default=1, ge=1, le=1_000_000)
    languages: tuple[Language, ...] = Field(default=("nl",), min_length=1)
    central_role: str = ""
    roles: dict[Id, ShortRole] = Field(min_length=1)
    boards: dict[Id, ShortBoard] = Field(default_factory=dict)
    voices: dict[Id, Voice] = Field(default_factory=dict)
    acts: dict[str, Act] = Field(default_factory=dict)
    phases: dict[Id, Phase] = Field(min_length=1)
    moves: dict[Id, Move] = Field(min_length=1)

    @model_validator(mode="after")
    def _fill_in(self) -> "Definition":
        for id_, move in self.moves.items():
            move._id = id_
        if not self.central_role:
            first = next((role for role, made in self.roles.items() if made.side == "circle"), next(iter(self.roles)))
            object.__setattr__(self, "central_role", first)
        if not any(phase.on_road for phase in self.phases.values()):
            road = {
                id_: phase if phase.final else phase.model_copy(update={"on_road": True})
                for id_, phase in self.phases.items()
            }
            object.__setattr__(self, "phases", road)
        return self

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the whole definition: equal for equal definitions, and for no others."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def first_phase(self) -> str:
        """The phase a meeting begins in."""
        return next(iter(self.phases))

    @property
    def plan_board(self) -> str | None:
        """The board with the plan everybody agrees on: the first with a plan that is not the circle's own."""
        for board, made in self.boards.items():
            if not made.circle and any(one.kind == "plan" for one in made.instruments):
                return board
        return None

    def instruments(self) -> Iterator[tuple[str, Instrument]]:
        """Yield each instrument with the board it stands on."""
        yield from ((board, one) for board, made in self.boards.items() for one in made.instruments)

    def instrument(self, of: str) -> Instrument | None:
        """Return the instrument at "board.instrument", or None."""
        board, _, id_ = of.partition(".")
        return next((one for on, one in self.instruments() if (on, one.id) == (board, id_)), None)

    def worded_instruments(self) -> dict[str, Instrument]:
        """Return the instruments that a text file has words for, by id: the same id on two boards shares them."""
        return {one.id: one for _board, one in self.instruments() if one.kind not in WITHOUT_WORDS}

    def selectors(self) -> Iterator[tuple[str, str]]:
        """Yield each place that chooses people, with what it chooses."""
        for name, act in self.acts.items():
            yield from ((f"acts.{name}.by", chosen) for chosen in act.by)
        for id_, phase in self.phases.items():
            for board, rights in phase.boards.items():
                for right, people in rights.by_right.items():
                    yield from ((f"phases.{id_}.boards.{board}.{right}", chosen) for chosen in people)
        for id_, voice in self.voices.items():
            yield from ((f"voices.{id_}.by", chosen) for chosen in voice.by)
            yield from ((f"voices.{id_}.asked_by", chosen) for chosen in voice.asked_by)
        for id_, move in self.moves.items():
            yield from ((f"moves.{id_}.by", chosen) for chosen in move.by)


# The context in which a text is read that a meeting began with: it holds to the letter, whatever the limits are now.
AS_KEPT: Final = {"as_kept": True}


@dataclass(frozen=True)
class Shown:
    """A text that a screen shows: more than blanks, which are taken off around it, and at the most so many signs."""

    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read a text, and hold it to the limits."""
        return with_info_after_validator_function(self._hold, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Say the limits to editors. They count what is written, blanks too; so is done here."""
        return {**handler(schema), "minLength": 1, "maxLength": self.most, "pattern": r"\S"}

    def _hold(self, text: str, info: ValidationInfo) -> str:
        if info.context == AS_KEPT:
            return text
        if not text.strip():
            raise PydanticKnownError("string_too_short", {"min_length": 1})
        if len(text) > self.most:
            raise PydanticKnownError("string_too_long", {"max_length": self.most})
        return text.strip()


# As much as a phone of 360 pixels shows without making people scroll past it.
Title = Annotated[str, Shown(24)]
Line = Annotated[str, Shown(140)]
Sentence = Annotated[str, Shown(200)]
Label = Annotated[str, Shown(34)]
# On one line of its own: a tab, or beside somebody's name.
Name = Annotated[str, Shown(40)]
Heading = Annotated[str, Shown(60)]


class PhaseWords(Part):
    """What people read in a phase. The title fits a stepping stone."""

    title: Title
    sentence_circle: Sentence
    sentence_professional: Sentence
    sentence_facilitator: Sentence
    agenda: tuple[Line, ...] = ()
    questions: tuple[Line, ...] = ()
    do: tuple[Line, ...] = ()
    dont: tuple[Line, ...] = ()


class MoveWords(Part):
    """The button, what it does to whom, and the way back (or that there is none)."""

    label: Label
    effect: Sentence
    back: Sentence


class InstrumentWords(Part):
    """What stands above an instrument, what it asks, and the labels of its parts and of the person beside each line."""

    title: Heading
    hint: Annotated[str, StringConstraints(max_length=200)] = ""
    person: Annotated[str, StringConstraints(max_length=40)] = ""
    parts: dict[str, Heading] = Field(default_factory=dict)


class VoiceWords(Part):
    """The question that each answers, what both ends of a scale mean, and what is asked of who gave a number.

    Left out, `why` is the usual question, which fits any scale: whether somebody wants to say something about it.
    """

    title: Heading
    question: Sentence
    low: Annotated[str, StringConstraints(max_length=120)] = ""
    high: Annotated[str, StringConstraints(max_length=120)] = ""
    why: Annotated[str, StringConstraints(max_length=60)] = ""


Ask = Annotated[str, StringConstraints(max_length=120)]


class AskWords(Part):
    """What each is asked, where the usual question does not fit this way of meeting. Any of them may be left out."""

    yes_to_meeting: Ask = ""
    question: Ask = ""
    statement: Ask = ""
    go: Ask = ""
    view: Ask = ""


class Words(Part):
    """A whole text file: every word people see of a protocol, in one language."""

    title: Name
    summary: Sentence
    notice: Sentence
    roles: dict[str, Name] = Field(default_factory=dict)
    boards: dict[str, Name] = Field(default_factory=dict)
    instruments: dict[str, InstrumentWords] = Field(default_factory=dict)
    voices: dict[str, VoiceWords] = Field(default_factory=dict)
    phases: dict[str, PhaseWords]
    moves: dict[str, MoveWords]
    requirements: dict[str, Sentence] = Field(default_factory=dict)
    asks: AskWords = Field(default_factory=AskWords)


class UsualWords(Part):
    """Words that protocols share; a protocol's own file says only what is different there.

    `people` is what is said of whom a side, "central_person" or "everyone" means.
    """

    people: dict[str, Name]
    roles: dict[str, Name]
    requirements: dict[str, Sentence]

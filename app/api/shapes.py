"""What goes out: the shapes of the API's answers, as OpenAPI shows them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from meetings.plan.values import PlanValues

Side = str
Answer = Literal["yes", "no", "open", "asked_again"]
YesNo = Literal["yes", "no"]
YesNoPass = Literal["yes", "no", "pass"]


class Named(BaseModel):
    id: str
    name: str


class NamedSide(Named):
    side: Side


class Me(NamedSide):
    role: str
    role_title: str
    central: bool
    proposes: bool = Field(description="What I add to the plan is labelled as my proposal.")


class Appointment(BaseModel):
    starts_at: str
    place: str
    text: str


class Meeting(BaseModel):
    id: str
    title: str
    protocol: str
    protocol_title: str
    central_person: Named | None
    frame: str
    question: str | None
    appointment: Appointment | None


class Stone(BaseModel):
    id: str
    title: str
    place: Literal["done", "now", "ahead"]


class PhaseText(BaseModel):
    title: str
    sentence: str
    minutes: int | None
    agenda: list[str]
    questions: list[str]
    do: list[str]
    dont: list[str]


class PhaseAhead(PhaseText):
    """A phase as who leads reads it beforehand."""

    id: str
    place: Literal["done", "now", "ahead"]
    private: bool


class Call(BaseModel):
    by: Named | None = Field(description="Who called; unknown to who is outside.")
    for_: Named = Field(alias="for")
    at: datetime


class Private(BaseModel):
    inside: bool
    since: datetime
    since_text: str
    call: Call | None


class Labelled(BaseModel):
    id: str
    label: str


class InstrumentPart(Labelled):
    lists: list[Labelled] = []


class Instrument(BaseModel):
    id: str
    kind: str
    title: str
    hint: str
    person: str = Field(description="The label of the person beside each line; empty: lines have none.")
    most: int | None
    stances: bool
    parts: list[InstrumentPart]


class CanSee(NamedSide):
    role_title: str


class Showing(BaseModel):
    """Who may see a board that somebody shows: the central person says so."""

    may: bool
    decided: bool
    to: list[str]
    choices: list[CanSee]


class Board(BaseModel):
    id: str
    title: str
    access: Literal["read", "write"]
    websocket: str
    epoch: int
    circle: bool
    live: bool = Field(description="Whether anybody writes on it in this phase.")
    instruments: list[Instrument]
    opens: bool = Field(description="Whether the phase is about this board, so that it lies in front.")
    showing: Showing | None


class RestorePoint(BaseModel):
    id: int
    at: datetime
    at_text: str
    why_text: str


class Person(NamedSide):
    relation: str
    role: str
    role_title: str
    central: bool
    carries: bool = Field(description="Whether this person can be named in an agreement.")
    proposes: bool = Field(description="Whether what this person adds to the plan is a proposal first.")
    convenes: bool = Field(description="Whether this person can call everybody together to look back.")
    here: bool | None = Field(description="Whether a screen is open; null: not yours to know.")
    ready: bool | None


class Agreement(BaseModel):
    row: str
    who: list[str]
    what: str
    when: dict[str, object] | None
    when_text: str
    checker: str | None
    otherwise: str
    proposed: bool
    hash: str
    mine: Answer


class Statement(BaseModel):
    text: str
    declined: bool
    by: str


class View(BaseModel):
    by: NamedSide
    text: str
    mine: bool


class Verdict(BaseModel):
    enough: bool
    why: str
    by: list[str] = Field(description="The names of who said so.")


class BottomLine(BaseModel):
    id: str
    what: str
    why: str
    ground: str
    set_by: str
    late_reason: str
    verdict: Verdict | None = Field(description="One no holds; a yes counts for the plan as it reads now.")
    mine: bool | None = Field(description="What I said myself of the plan as it reads now.")
    asked_again: bool = Field(description="Whether the plan has changed since it was judged.")


class Sheet(BaseModel):
    statement: Statement | None
    views: list[View]
    bottom_lines: list[BottomLine]
    bottom_lines_read: bool = Field(description="Whether all of them were read aloud.")
    plan_hash: str | None = Field(description="What a verdict is about, for who may give one.")


class Missing(BaseModel):
    requirement: str
    hard: bool
    text: str
    who: list[Named]


class Confirm(BaseModel):
    seconds: int


class Pending(BaseModel):
    by: Named | None
    mine: bool
    until: datetime
    release: PlanValues | None


class Move(BaseModel):
    id: str
    label: str
    effect: str
    back: str
    may: bool
    who: list[Named] = Field(description="Everybody who may make this move.")
    ready: bool
    needs_reason: bool
    direction: Literal["forward", "back", "stop"]
    confirm: Confirm | None
    releases: str | None
    missing: list[Missing]
    pending: Pending | None


class Answered(BaseModel):
    """What I was asked and said, while I may say otherwise. A no to what asks for words: I would rather not."""

    kind: str
    subject: str | None
    text: str
    answer: YesNo
    words: str


class Mine(BaseModel):
    ready: bool
    answers: list[Answered]


class ToDo(BaseModel):
    kind: str
    subject: str | None
    text: str
    detail: str


class Safety(BaseModel):
    safe: bool
    measure: str


class ManagedPerson(NamedSide):
    relation: str
    role: str
    role_title: str
    central: bool
    age_band: str | None
    authority: bool
    taking_part: str
    needs: str
    has_contact: bool
    consent: Literal["not_needed", "open", "yes"]
    prepared: bool
    safety: Safety | None
    link: Literal["none", "made", "used", "revoked"]


class Preparation(BaseModel):
    ahead: bool = Field(description="Whether a step from here on still asks that people are prepared.")
    people: list[ManagedPerson]
    adding_again: str | None = Field(
        description="The phase to go back to, to put somebody on the list; none where that can be done, or never again."
    )


class MySignature(BaseModel):
    choice: str
    words: str


class Signed(Named):
    choice: str
    words: str


class PlanState(BaseModel):
    version: int
    sha256: str
    frozen_at_text: str
    url: str
    rests_until_text: str = Field(description="The day to look back, as long as the plan is carried out until then.")
    my_signature: MySignature | None
    signed: list[Signed]
    waiting: list[Named]


class Stances(BaseModel):
    agree: list[Named]
    disagree: list[Named]
    mine: Literal["agree", "disagree"] | None


class ScaleItem(BaseModel):
    id: str
    label: str
    low: str
    high: str


class GivenNumber(BaseModel):
    number: int
    why: str


class MyAnswer(BaseModel):
    numbers: dict[str, GivenNumber]
    share: bool
    answer: YesNoPass | None


class NumberOf(GivenNumber):
    who: Named


class Result(ScaleItem):
    lowest: int | None
    highest: int | None
    answers: list[NumberOf]


class AnswerOf(BaseModel):
    who: Named
    answer: YesNoPass


class EarlierItem(Labelled):
    lowest: int
    highest: int


class EarlierTurn(BaseModel):
    at_text: str
    items: list[EarlierItem]


class Voice(BaseModel):
    """What everybody is asked: each answers unseen, and who asks shows all answers together."""

    id: str
    kind: Literal["scale", "round"]
    title: str
    question: str
    low: str
    high: str
    why: str = Field(description="What is asked of who gives a number; empty where it is the usual question.")
    status: Literal["quiet", "asked", "shown"]
    round: int
    may_ask: bool
    may_answer: bool
    private_number: bool = Field(description="I am a child: nobody else sees my number unless I say so.")
    items: list[ScaleItem]
    mine: MyAnswer | None
    waiting: list[Named] = Field(description="Who has still to answer; only for who asks.")
    answered: int
    results: list[Result]
    answers: list[AnswerOf]
    history: list[EarlierTurn]


class State(BaseModel):
    """The meeting as one participant may see it."""

    version: int = Field(description="Counts the moves; an act on an older version is refused.")
    phase: str
    since: datetime
    now: datetime
    language: str
    languages: list[str]
    me: Me
    meeting: Meeting
    road: list[Stone]
    phase_text: PhaseText
    private: Private | None
    boards: list[Board]
    people: list[Person]
    agreements: list[Agreement] = Field(description="The agreements that name me.")
    answers: dict[str, dict[str, Answer]]
    stances: dict[str, Stances]
    voices: list[Voice]
    sheet: Sheet
    moves: list[Move]
    acts: list[str]
    to_do: list[ToDo]
    mine: Mine
    preparation: Preparation | None = None
    plan: PlanState | None


class Signature(Named):
    choice: str
    words: str
    typed_name: str
    ink_svg: str
    sentence: str
    at_text: str


class Plan(BaseModel):
    version: int
    versions: list[int]
    sha256: str
    frozen_at: datetime
    frozen_at_text: str
    title: str
    question: str
    statement: str | None
    central_person: str | None
    values: dict[str, object]
    instruments: dict[str, object] = Field(description="What else stood on the plan board, by instrument.")
    when_texts: dict[str, str]
    review_text: str
    people: dict[str, dict[str, str]]
    signatures: list[Signature]
    waiting: list[Named]


class MadeLink(BaseModel):
    link: str
    qr_svg: str


class Colleague(Named):
    came_in: bool = Field(description="Whether they opened their link.")


class Lead(BaseModel):
    """Who else leads, or was asked to."""

    colleagues: list[Colleague]


class Contact(BaseModel):
    contact: str


class Moved(BaseModel):
    version: int
    phase: str
    pending: bool = False


class Entered(BaseModel):
    location: str


class Created(BaseModel):
    id: str
    participant: str


class ListedMeeting(BaseModel):
    id: str
    participant: str
    title: str
    protocol_title: str
    phase: str
    phase_title: str
    central_person: str
    appointment_text: str


class AccountName(BaseModel):
    name: str


class Meetings(BaseModel):
    me: AccountName
    meetings: list[ListedMeeting]


class ListedProtocol(BaseModel):
    id: str
    title: str
    summary: str

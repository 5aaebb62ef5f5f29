"""What comes in: the bodies of the API's acts. Lengths are bounded, control signs refused, unknown keys too."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from meetings.plan.values import PlanValues, plain_text
from meetings.signing.signatures import INK

Line = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), AfterValidator(plain_text)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), AfterValidator(plain_text)]
Text = Annotated[str, StringConstraints(max_length=4000), AfterValidator(plain_text)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Ink = Annotated[str, StringConstraints(max_length=8192, pattern=INK.pattern)]
AgeBand = Literal["under_12", "12_15", "16_17", "18_plus"]
TakingPart = Literal["present", "remote", "letter", "spokesperson", "absent"]
YesNo = Literal["yes", "no"]
Frame = Literal["voluntary", "pressure", "compulsory"]


class Body(BaseModel):
    """Any body: keys that mean nothing are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")


class Enter(Body):
    id: Annotated[str, StringConstraints(max_length=64)]
    secret: Annotated[str, StringConstraints(max_length=128)]
    language: Literal["nl", "en"] | None = None


class NewPerson(Body):
    name: Name
    role: Id
    relation: Line = ""
    age_band: AgeBand | None = None
    authority: bool = False
    taking_part: TakingPart = "present"
    needs: Line = ""
    contact: Line = ""


class ChangedPerson(Body):
    """What is left out stays as it is. Only an age can be made unknown (null) again."""

    name: Name = ""
    role: Id = ""
    relation: Line = ""
    age_band: AgeBand | None = None
    authority: bool = False
    taking_part: TakingPart = "present"
    needs: Line = ""
    contact: Line = ""


class NewColleague(Body):
    name: Name
    contact: Line = ""


class SomePerson(Body):
    participant: Id


class NewRehearsal(Body):
    protocol: Id
    frame: Frame = "voluntary"


class SomePhase(Body):
    phase: Id


class CentralPerson(Body):
    name: Name
    age_band: AgeBand


class NewMeeting(Body):
    protocol: Id
    title: Name
    central_person: CentralPerson
    language: Literal["nl", "en"] = "nl"
    frame: Frame = "voluntary"


class YesOrNo(Body):
    answer: YesNo


class Prepared(Body):
    prepared: bool


class Safety(Body):
    safe: bool
    measure: Line = ""


class Question(Body):
    text: Line


class Appointment(Body):
    starts_at: datetime
    place: Annotated[Line, StringConstraints(min_length=1)]


class Statement(Body):
    text: Text = ""
    declined: bool = False
    asked_by: Id | None = None


class View(Body):
    text: Text


class BottomLine(Body):
    what: Annotated[Line, StringConstraints(min_length=1)]
    why: Line
    ground: Line = ""
    late_reason: Line = ""


class Verdict(Body):
    enough: bool
    why: Line = ""
    hash: Annotated[str, StringConstraints(max_length=64)] | None = None


class Stance(Body):
    answer: Literal["agree", "disagree", "none"]


class Showing(Body):
    to: Annotated[list[Id], Field(max_length=60)]


class GivenNumber(Body):
    item: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
    number: Annotated[int, Field(ge=0, le=10)]
    why: Line = ""


class VoiceAnswer(Body):
    """To a scale: a number for each item. To a round: yes, no or pass."""

    numbers: Annotated[list[GivenNumber], Field(max_length=3)] = []
    share: bool = False
    answer: Literal["yes", "no", "pass"] | None = None


class Ready(Body):
    ready: bool


class Call(Body):
    for_: Id = Field(alias="for")


class Move(Body):
    version: int
    reason: Line | None = None
    release: PlanValues | None = None


class SeenVersion(Body):
    version: int


class SeenAgreement(Body):
    hash: Annotated[str, StringConstraints(max_length=64)] | None = None


class Sign(Body):
    sha256: Annotated[str, StringConstraints(max_length=64)]
    choice: Literal["stand_behind", "yes_but", "not_signing"]
    words: Text = ""
    typed_name: Line = ""
    ink_svg: Ink | Literal[""] = ""


class ChosenLanguage(Body):
    language: Literal["nl", "en"]

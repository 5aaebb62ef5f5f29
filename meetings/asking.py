"""What everybody is asked at the same time: a number on a scale, or yes, no or pass in a round (methods.md §5.4).

Each answers alone and unseen; who asks shows all answers together, and asks again at a next meeting. Answers are own
voices. A child's number is shown to nobody else unless the child says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from meetings.boards.written import Pair
from meetings.consent import is_welcome
from meetings.record import Participant, Record, Voice
from meetings.refusals import NotFound, NotYours, Refusal
from meetings.voices import speak
from protocols import instruments as kinds
from protocols import requirements, rights

YesNoPass = Literal["yes", "no", "pass"]

_GROWN_UP = "18_plus"
_THERE = ("present", "remote")


@dataclass(frozen=True)
class Item:
    """One thing that a number is given to: a pair of a board, or the scale itself, with what nought and ten mean."""

    id: str
    label: str
    low: str
    high: str


@dataclass
class Turn:
    """One time that everybody was asked: what about, who said what, and when it was shown, if it was."""

    number: int
    asked_at: datetime
    items: list[Item]
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown_at: datetime | None = None

    def number_of(self, person: str, item: str) -> dict[str, Any] | None:
        """Return somebody's number on one item and why, or None."""
        numbers = self.answers.get(person, {}).get("numbers", {})
        found: dict[str, Any] | None = numbers.get(item)
        return found


def turns_of(record: Record, id_: str) -> list[Turn]:
    """Return each time that this scale or round was asked, the first first."""
    turns: list[Turn] = []
    for voice in record.voices:
        if voice.kind == "ask" and voice.subject == id_:
            items = [Item(**item) for item in voice.value["items"]]
            turns.append(Turn(len(turns) + 1, voice.at, items))
        elif turns and voice.kind == "show" and voice.subject == id_:
            turns[-1].shown_at = turns[-1].shown_at or voice.at
        elif turns and _is_answer(voice, id_) and voice.participant in record.people:
            turns[voice.value["turn"] - 1].answers[voice.participant] = voice.value
    return turns


def ask(record: Record, id_: str, *, by: Participant) -> None:
    """Ask everybody, a first time or anew. Raises NotFound, NotYours, or Refusal "nothing_to_scale"."""
    voice = _voice(record, id_)
    if not may_ask(by, id_, record):
        raise NotYours()
    items = _items(record, voice)
    if not items:
        raise Refusal("nothing_to_scale")
    speak(record, by, "ask", id_, {"items": [vars(item) for item in items]})


def answer_scale(record: Record, id_: str, numbers: dict[str, dict[str, Any]], share: bool, *, by: Participant) -> None:
    """Give a number from 0 to 10 to each item, with why it is not lower. Raises NotFound, NotYours, Refusal."""
    turn = _open_turn(record, id_, "scale", by)
    if numbers.keys() != {item.id for item in turn.items}:
        raise Refusal("number_for_each")
    _answer(record, id_, turn, {"numbers": numbers, "share": share}, by)


def answer_round(record: Record, id_: str, answer: YesNoPass, *, by: Participant) -> None:
    """Say yes, no or pass in a round. Raises NotFound, NotYours, Refusal "not_asked_now"."""
    turn = _open_turn(record, id_, "round", by)
    _answer(record, id_, turn, {"answer": answer}, by)


def show(record: Record, id_: str, *, by: Participant) -> None:
    """Show everybody all answers together. Raises NotFound, NotYours, Refusal "not_asked_now"."""
    _voice(record, id_)
    if not may_ask(by, id_, record):
        raise NotYours()
    turns = turns_of(record, id_)
    if not turns or turns[-1].shown_at is not None:
        raise Refusal("not_asked_now")
    speak(record, by, "show", id_, {})


def may_ask(who: Participant, id_: str, record: Record) -> bool:
    """Tell whether `who` asks this now, and shows the answers."""
    voice = record.protocol.definition.voices[id_]
    return is_welcome(who, record) and rights.may_ask(voice, record.phase, who.role, who.side, who.central)


def may_answer(who: Participant, id_: str, record: Record) -> bool:
    """Tell whether `who` is asked this now."""
    voice = record.protocol.definition.voices[id_]
    return is_welcome(who, record) and rights.may_answer(voice, record.phase, who.role, who.side, who.central)


def waiting_for(record: Record, id_: str, turn: Turn) -> list[Participant]:
    """Return who is there, is asked, and did not answer yet."""
    return [
        person
        for person in record.people.values()
        if person.taking_part in _THERE and person.id not in turn.answers and may_answer(person, id_, record)
    ]


def has_private_number(person: Participant, record: Record) -> bool:
    """Tell whether somebody's number stays theirs unless they say otherwise: a child's does (methods.md §5.4).

    Whoever has the role of the central person is a child as long as nobody wrote down that they are grown up.
    """
    if person.age_band is None:
        return person.role == record.protocol.definition.central_role
    return person.age_band != _GROWN_UP


def shown_numbers(record: Record, turn: Turn, item: str) -> Iterator[tuple[Participant, dict[str, Any]]]:
    """Yield everybody whose number on an item the others may see, with the number and why."""
    for person in record.people.values():
        given = turn.number_of(person.id, item)
        if given is not None and (not has_private_number(person, record) or turn.answers[person.id]["share"]):
            yield person, given


def as_asked(record: Record, id_: str) -> requirements.Asked:
    """Return how a scale or round stands for requirements: only what was asked since the phase began counts."""
    asked_by = tuple(person.id for person in record.people.values() if may_ask(person, id_, record))
    turns = turns_of(record, id_)
    if not turns or turns[-1].asked_at < record.row.phase_since:
        return requirements.Asked(asked_by=asked_by)
    turn = turns[-1]
    return requirements.Asked(
        asked=True,
        shown=turn.shown_at is not None,
        waiting=tuple(person.id for person in waiting_for(record, id_, turn)),
        answered=len(turn.answers),
        answers={who: answer["answer"] for who, answer in turn.answers.items() if "answer" in answer},
        asked_by=asked_by,
    )


def _is_answer(voice: Voice, id_: str) -> bool:
    return voice.kind == "answer" and voice.subject == id_


def _voice(record: Record, id_: str) -> kinds.Scale | kinds.Round:
    voice = record.protocol.definition.voices.get(id_)
    if voice is None:
        raise NotFound("nothing_asked")
    return voice


def _open_turn(record: Record, id_: str, kind: str, by: Participant) -> Turn:
    voice = _voice(record, id_)
    if voice.kind != kind:
        raise NotFound("nothing_asked")
    if not may_answer(by, id_, record):
        raise NotYours()
    turns = turns_of(record, id_)
    if not turns or turns[-1].shown_at is not None:
        raise Refusal("not_asked_now")
    return turns[-1]


def _answer(record: Record, id_: str, turn: Turn, value: dict[str, Any], by: Participant) -> None:
    speak(record, by, "answer", id_, {"turn": turn.number, **value})


def _items(record: Record, voice: kinds.Scale | kinds.Round) -> list[Item]:
    if isinstance(voice, kinds.Round) or voice.of is None:
        return [Item("", "", "", "")]
    board, instrument = voice.of.split(".")
    pairs = record.written[board][instrument]
    return [
        Item(pair.row, pair.danger.strip(), pair.zero.strip(), pair.ten.strip())
        for pair in pairs
        if isinstance(pair, Pair) and not pair.is_blank
    ]

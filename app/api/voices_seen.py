"""What one person sees of what everybody is asked: the question, their own answer, and all answers once shown."""

from app.api import shapes
from app.words import say_date
from meetings import asking
from meetings.record import NETHERLANDS, Participant, Record
from protocols.definition import Words


def voices_seen(record: Record, me: Participant, words: Words, language: str) -> list[shapes.Voice]:
    """Return the scales and rounds that `me` is asked, asks or saw the answers of."""
    seen = []
    for id_ in record.protocol.definition.voices:
        turns = asking.turns_of(record, id_)
        if asking.may_ask(me, id_, record) or asking.may_answer(me, id_, record):
            seen.append(_voice(record, me, id_, turns, words, language))
    return seen


def _voice(
    record: Record, me: Participant, id_: str, turns: list[asking.Turn], words: Words, language: str
) -> shapes.Voice:
    voice, said = record.protocol.definition.voices[id_], words.voices[id_]
    turn = turns[-1] if turns else None
    shown = turn is not None and turn.shown_at is not None
    asks = asking.may_ask(me, id_, record)
    items = turn.items if turn is not None else []
    return shapes.Voice(
        id=id_,
        kind=voice.kind,
        title=said.title,
        question=said.question,
        low=said.low,
        high=said.high,
        why=said.why,
        status="quiet" if turn is None else "shown" if shown else "asked",
        round=len(turns),
        may_ask=asks,
        may_answer=asking.may_answer(me, id_, record),
        private_number=asking.has_private_number(me, record),
        items=[_item(item, said.low, said.high) for item in items],
        mine=_mine(turn, me),
        waiting=[_named(person) for person in asking.waiting_for(record, id_, turn)]
        if asks and turn is not None and not shown
        else [],
        answered=len(turn.answers) if turn is not None else 0,
        results=[_result(record, me, turn, item, said.low, said.high) for item in items]
        if turn is not None and shown and voice.kind == "scale"
        else [],
        answers=[
            shapes.AnswerOf(who=_named(record.people[who]), answer=answer["answer"])
            for who, answer in turn.answers.items()
        ]
        if turn is not None and shown and voice.kind == "round"
        else [],
        history=[
            _earlier(record, earlier, language)
            for earlier in turns
            if voice.kind == "scale" and earlier.shown_at is not None and earlier is not turn
        ],
    )


def _item(item: asking.Item, low: str, high: str) -> shapes.ScaleItem:
    return shapes.ScaleItem(id=item.id, label=item.label, low=item.low or low, high=item.high or high)


def _mine(turn: asking.Turn | None, me: Participant) -> shapes.MyAnswer | None:
    given = turn.answers.get(me.id) if turn is not None else None
    if given is None:
        return None
    numbers = {item: shapes.GivenNumber(**number) for item, number in given.get("numbers", {}).items()}
    return shapes.MyAnswer(numbers=numbers, share=given.get("share", False), answer=given.get("answer"))


def _result(
    record: Record, me: Participant, turn: asking.Turn, item: asking.Item, low: str, high: str
) -> shapes.Result:
    seen = list(asking.shown_numbers(record, turn, item.id))
    numbers = [given["number"] for _person, given in seen]
    mine = turn.number_of(me.id, item.id)
    if mine is not None and me.id not in {person.id for person, _given in seen}:
        seen.append((me, mine))
    return shapes.Result(
        **_item(item, low, high).model_dump(),
        lowest=min(numbers, default=None),
        highest=max(numbers, default=None),
        answers=[shapes.NumberOf(who=_named(person), **given) for person, given in seen],
    )


def _earlier(record: Record, turn: asking.Turn, language: str) -> shapes.EarlierTurn:
    spreads = {
        item.id: [given["number"] for _person, given in asking.shown_numbers(record, turn, item.id)]
        for item in turn.items
    }
    return shapes.EarlierTurn(
        at_text=say_date(turn.asked_at.astimezone(NETHERLANDS).date(), language),
        items=[
            shapes.EarlierItem(id=item.id, label=item.label, lowest=min(numbers), highest=max(numbers))
            for item in turn.items
            if (numbers := spreads[item.id])
        ],
    )


def _named(person: Participant) -> shapes.Named:
    return shapes.Named(id=person.id, name=person.name)

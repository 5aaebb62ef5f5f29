"""The demo: two meetings with made-up people, made through the same commands that people use.

Its links are kept beside the database, so that they can be printed again; real links never are.
"""

import json
import os
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import yaml
from sqlmodel import col, select

from app.settings import Settings
from app.texts import t
from meetings import course, entrance, people, preparation
from meetings.house import House
from meetings.plan.answers import answer_agreement
from meetings.plan.values import PlanValues
from meetings.record import NETHERLANDS, Record
from meetings.signing.signatures import Answer, sign_plan
from meetings.storage.tables import Account, ParticipantRow

_STORIES: Final = Path(__file__).resolve().parent / "demo_stories.yaml"
_LINKS: Final = "demo-links.json"
LANGUAGE: Final = "nl"


async def prepare_demo(house: House, settings: Settings) -> dict[str, Any]:
    """Make the demo meetings when they are not there yet, and return what a program needs to drive them."""
    links = _kept_links(settings)
    if links is None:
        stories = yaml.safe_load(_STORIES.read_text())
        links = await _make_everything(house, stories)
        _keep_links(settings, links)
    return await _described(house, settings, links)


async def _make_everything(house: House, stories: dict[str, Any]) -> dict[str, str]:
    now = datetime.now(NETHERLANDS)
    account = Account(**stories["account"], language=LANGUAGE, created_at=now)
    links: dict[str, str] = {}
    async with house.database.writing() as session:
        session.add(account)
        await session.flush()
        links[account.id] = await entrance.make_link(session, account.id)
    for story in stories["meetings"]:
        links |= await _Story(house, account, story, now).play()
    return links


class _Story:
    """Plays one meeting as far as its story goes."""

    def __init__(self, house: House, account: Account, story: dict[str, Any], now: datetime) -> None:
        self._house = house
        self._account = account
        self._story = story
        self._now = now
        self._ids: dict[str, str] = {}

    async def play(self) -> dict[str, str]:
        """Play it, and return the secret of each participant's link, by id."""
        central = self._story["central_person"]
        _meeting, coordinator = await self._house.start_meeting(
            self._account,
            self._story["protocol"],
            self._story["title"],
            {"name": central["name"], "age_band": central["age_band"]},
            LANGUAGE,
            "voluntary",
        )
        self._ids["coordinator"] = coordinator
        async with self._house.command(coordinator) as (record, _by):
            self._ids[central["key"]] = next(person.id for person in record.people.values() if person.central)
        await self._prepare()
        if "agreements" in self._story:
            await self._meet()
            await self._sign()
        return await self._make_links()

    def _deciders(self) -> list[str]:
        age = self._story["central_person"]["age_band"]
        parents = [person["key"] for person in self._story["people"] if person.get("authority")]
        central = [] if age == "under_12" else [self._story["central_person"]["key"]]
        return central + (parents if age in ("under_12", "12_15") else [])

    async def _prepare(self) -> None:
        story, left_open = self._story, self._story.get("left_open", [])
        async with self._as("coordinator") as (record, by):
            # In the order of the list, parents first: they decide along, so they must be there to be asked.
            record.row.phase = record.protocol.definition.first_phase
            self._add_parents(record, by)
        for decider in self._deciders():
            async with self._as(decider) as (record, by):
                preparation.say_yes_to_meeting(record, "yes", by=by)
        await self._move(story["central_person"]["key"], "accept_referral")
        async with self._as("coordinator") as (record, by):
            preparation.say_independent(record, "yes", by=by)
        await self._move(story["central_person"]["key"], "accept_coordinator")
        async with self._as("coordinator") as (record, by):
            for person in story["people"]:
                if person["key"] not in self._ids:
                    about = {name: value for name, value in person.items() if name not in ("key", "role")}
                    self._ids[person["key"]] = people.add_person(record, person["role"], about, by=by).id
        for decider in self._deciders():
            async with self._as(decider) as (record, by):
                for person in story["people"]:
                    if person["key"] not in self._deciders():
                        people.answer_invitation(record, self._ids[person["key"]], "yes", by=by)
        async with self._as(story["central_person"]["key"]) as (record, by):
            preparation.set_question(record, story["question"], by=by)
        await self._move("coordinator", "prepare")
        async with self._as("coordinator") as (record, by):
            for key, person in self._ids.items():
                if key != "coordinator":
                    people.note_prepared(record, person, True, by=by)
                    people.note_safety(record, person, True, "", by=by)
            if "appointment" not in left_open:
                made = story["appointment"]
                # Not set as people do: in the story it was, but now that day may have passed.
                starts_at = self._moment(made).isoformat(timespec="minutes")
                record.about["appointment"] = {"starts_at": starts_at, "place": made["place"]}
                record.keep_about()
                course.log_event(record, "appointment_set", by)
        async with self._as(story["central_person"]["key"]) as (record, by):
            preparation.give_statement(record, story["statement"], False, None, by=by)
        for key, text in story.get("views", {}).items():
            async with self._as(key) as (record, by):
                preparation.give_view(record, text, by=by)
        for decider in story.get("said_go", []) if "go" in left_open else self._deciders():
            async with self._as(decider) as (record, by):
                preparation.say_go(record, "yes", by=by)

    async def _meet(self) -> None:
        story = self._story
        await self._move("coordinator", "begin_meeting")
        for person in [story["central_person"], *story["people"]]:
            async with self._as(person["key"]) as (record, by):
                if by.side == "circle":
                    preparation.say_no_questions(record, "yes", by=by)
        await self._move("coordinator", "begin_private_time")
        plan = PlanValues.model_validate(self._plan())
        central, second = story["central_person"]["key"], story["people"][0]["key"]
        async with self._as(central) as (record, by):
            await course.move(record, "end_private_time", by=by, seen_version=record.version, release=plan)
        async with self._as(second) as (record, by):
            await course.confirm_move(record, "end_private_time", by=by, seen_version=record.version)
        for agreement in plan.agreements:
            for doer in agreement.who:
                async with self._house.command(doer) as (record, by):
                    answer_agreement(record, agreement.row, "yes", None, by=by)
        await self._move("coordinator", "to_signing")

    async def _sign(self) -> None:
        for signature in self._story["signatures"]:
            async with self._as(signature["who"]) as (record, by):
                choice = signature["choice"]
                sign_plan(
                    record,
                    record.plans[-1].sha256,
                    Answer(
                        choice=choice,
                        words=signature.get("words", ""),
                        typed_name=signature["name"],
                        ink="",
                        sentence=t(LANGUAGE, f"signing.sentence_{choice}"),
                        language=LANGUAGE,
                    ),
                    by=by,
                )
        await self._move("coordinator", "begin_follow_up")

    def _plan(self) -> dict[str, Any]:
        return {
            "agreements": [
                {
                    "row": f"afspraak{number}",
                    "who": [self._ids[who] for who in line["who"]],
                    "what": line["what"],
                    "when": self._when(line["when"]),
                    "checker": self._ids[line["checker"]],
                    "otherwise": line["otherwise"],
                }
                for number, line in enumerate(self._story["agreements"], start=1)
            ],
            "review": {
                "date": self._day(self._story["review"]["days"]),
                "convener": self._ids[self._story["review"]["convener"]],
            },
        }

    def _when(self, when: dict[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in when.items() if name not in ("days", "until_days")}
        if when["kind"] == "date":
            return {**said, "date": self._day(when["days"])}
        until = {"until": self._day(when["until_days"])} if "until_days" in when else {}
        return {**said, "days": when.get("days", []), **until}

    def _day(self, days: int) -> str:
        return (self._now.date() + timedelta(days=days)).isoformat()

    def _moment(self, made: dict[str, Any]) -> datetime:
        day = self._now.date() + timedelta(days=made["days"])
        return datetime.combine(day, time.fromisoformat(made["time"]))

    def _add_parents(self, record: Record, by: Any) -> None:
        for person in self._story["people"]:
            if person["role"] == "parent":
                about = {name: value for name, value in person.items() if name not in ("key", "role")}
                self._ids[person["key"]] = people.add_person(record, "parent", about, by=by).id

    def _as(self, key: str) -> Any:
        return self._house.command(self._ids[key])

    async def _move(self, key: str, move: str) -> None:
        async with self._as(key) as (record, by):
            await course.move(record, move, by=by, seen_version=record.version)

    async def _make_links(self) -> dict[str, str]:
        async with self._house.database.writing() as session:
            return {person: await entrance.make_link(session, person) for person in self._ids.values()}


async def _described(house: House, settings: Settings, links: dict[str, str]) -> dict[str, Any]:
    origin = settings.public_origin
    async with house.database.reading() as session:
        account = (await session.scalars(select(Account).where(col(Account.id).in_(links)))).one()
        rows = select(ParticipantRow.meeting_id).where(col(ParticipantRow.account_id) == account.id)
        meetings = (await session.scalars(rows.order_by(col(ParticipantRow.created_at)))).all()
    records = [await house.standing(meeting) for meeting in meetings]
    return {
        "origin": origin,
        "coordinator": {"link": f"{origin}/u/{account.id}#{links[account.id]}"},
        "meetings": [
            {
                "id": record.id,
                "title": record.about["title"],
                "protocol": record.protocol.definition.id,
                "phase": record.phase,
                "participants": [
                    {
                        "id": person.id,
                        "name": person.name,
                        "role": person.role,
                        "side": person.side,
                        "link": f"{origin}/u/{person.id}#{links[person.id]}",
                    }
                    for person in record.people.values()
                    if person.id in links
                ],
            }
            for record in records
            if any(person in links for person in record.people)
        ],
    }


def _kept_links(settings: Settings) -> dict[str, str] | None:
    file = settings.data / _LINKS
    if not file.exists():
        return None
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


def _keep_links(settings: Settings, links: dict[str, str]) -> None:
    descriptor = os.open(settings.data / _LINKS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(links, file)

"""Drives a running Rondom as people do: by HTTP with a cookie of one's own, and by websocket."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from app.settings import Settings
from meetings import entrance
from meetings.storage.database import Database
from meetings.storage.tables import Account
from tests.stores import PostgresDatabase, SqliteFile, in_its_own_loop

# An evening two weeks from now, when the circle meets.
EVENING = f"{(datetime.now(UTC) + timedelta(days=14)).date().isoformat()}T19:00"
REVIEW = (datetime.now(UTC) + timedelta(days=40)).date().isoformat()


# Read once: each client would read all certificates anew, which takes longer than the test.
_TLS = ssl.create_default_context()


# In the data folder, so that whoever searches all that is stored also searches what was logged.
LOG = "rondom.log"


class Rondom:
    """A running installation."""

    def __init__(
        self,
        settings: Settings,
        plays: "dict[tuple[str, str], _Play] | None" = None,
        store: SqliteFile | PostgresDatabase | None = None,
    ) -> None:
        self._store = store
        self.settings = settings
        self.plays = {} if plays is None else plays
        self.origin = settings.public_origin
        self.clients: list[httpx.Client] = []
        self.account_secret = ""

    @property
    def database(self) -> Path:
        """The file that everything is stored in."""
        return self.settings.data / "rondom.sqlite"

    @property
    def store(self) -> SqliteFile | PostgresDatabase:
        """What everything is stored in, to look into."""
        return SqliteFile(self.database) if self._store is None else self._store

    def make_account(self) -> None:
        async def make() -> str:
            database = Database(self.settings.database_url)
            async with database.writing() as session:
                session.add(Account(id="marieke", name="Marieke", language="nl", created_at=datetime.now(UTC)))
                await session.flush()
                secret = await entrance.make_link(session, "marieke")
            await database.close()
            return secret

        self.account_secret = in_its_own_loop(make())

    def browser(self) -> httpx.Client:
        """A browser: several people can be in it, each with a cookie of their own."""
        client = httpx.Client(base_url=self.origin, timeout=20, verify=_TLS)
        self.clients.append(client)
        return client

    def coordinator(self) -> httpx.Client:
        browser = self.browser()
        answer = browser.post("/api/enter", json={"id": "marieke", "secret": self.account_secret})
        assert answer.status_code == 200, answer.text
        return browser

    def everything_stored(self) -> bytes:
        """Every byte the installation keeps in its data folder."""
        return b"".join(file.read_bytes() for file in self.settings.data.iterdir() if file.is_file())

    def log(self) -> str:
        return (self.settings.data / LOG).read_text()

    def count(self, table: str) -> int:
        return int(self.store.ask(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608

    def change(self, statement: str, *values: object) -> None:
        """Change what is stored, as no command can: to let time pass, or to see damage found."""
        self.store.ask(statement, *values)

    def close(self) -> None:
        for client in self.clients:
            client.close()


@dataclass
class Person:
    """One participant, in a browser."""

    id: str
    browser: httpx.Client
    link: str = ""

    def state(self) -> dict[str, Any]:
        answer = self.browser.get(f"/api/m/{self.id}")
        assert answer.status_code == 200, answer.text
        state: dict[str, Any] = answer.json()
        return state

    def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return self.browser.post(f"/api/m/{self.id}/{path}", json=body or {})

    def does(self, path: str, **body: Any) -> dict[str, Any]:
        """Post an act that must succeed."""
        answer = self.post(path, body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        said: dict[str, Any] = answer.json()
        return said

    def moves(self, move: str, **body: Any) -> dict[str, Any]:
        """Make a move that must succeed, from where the meeting is now."""
        return self.does(f"moves/{move}", version=self.state()["version"], **body)

    def move(self, name: str) -> dict[str, Any]:
        """The move as this person sees it."""
        return next(move for move in self.state()["moves"] if move["id"] == name)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())


@dataclass
class Meeting:
    """A meeting with its people: Marieke leads; Sami is 15; mama decides along; oma and Linda of school come."""

    rondom: Rondom
    marieke: Person
    sami: Person
    mama: Person
    oma: Person
    linda: Person
    others: dict[str, Person] = field(default_factory=dict)

    @property
    def circle(self) -> list[Person]:
        return [self.sami, self.mama, self.oma]

    @property
    def everybody(self) -> list[Person]:
        return [self.marieke, *self.circle, self.linda]

    def plan(self, **changes: Any) -> dict[str, Any]:
        """A plan with one agreement of oma's and one of Linda's."""
        return {
            "agreements": [
                {
                    "row": "eten",
                    "who": [self.oma.id],
                    "what": "eet op woensdag met Sami",
                    "when": {"kind": "rhythm", "every": "week", "days": ["we"]},
                    "checker": self.mama.id,
                    "otherwise": "Oma belt mama.",
                    **changes,
                },
                {
                    "row": "bellen",
                    "who": [self.linda.id],
                    "what": "belt op vrijdag met mama",
                    "when": {"kind": "rhythm", "every": "week", "days": ["fr"]},
                    "checker": self.oma.id,
                    "otherwise": "Bas neemt het over.",
                },
            ],
            "review": {"date": REVIEW, "convener": self.oma.id},
        }

    def until(self, phase: str) -> "Meeting":
        """Play the meeting, by HTTP alone, until it is in this phase."""
        while (now := self.marieke.state()["phase"]) != phase:
            _STEPS[now](self)
        return self


def meeting_in(rondom: Rondom, phase: str) -> Meeting:
    """A meeting that is in this phase. It is played the first time, by HTTP alone, and copied from then on."""
    kept = rondom.plays.get((rondom.store.kind, phase))
    if kept is None:
        meeting = _new_meeting(rondom).until(phase)
        rondom.plays[rondom.store.kind, phase] = _Play(rondom, meeting)
        return meeting
    return kept.again(rondom)


class _Play:
    """A meeting that was played, kept with all its rows and its people's cookies."""

    def __init__(self, rondom: Rondom, meeting: Meeting) -> None:
        self._rows = rondom.store.rows()
        self._people = {
            name: (person.id, dict(person.browser.cookies), person.link.replace(rondom.origin, ""))
            for name, person in vars(meeting).items()
            if isinstance(person, Person)
        }

    def again(self, rondom: Rondom) -> Meeting:
        rondom.store.put(self._rows)
        people: dict[str, Any] = {}
        for name, (id_, cookies, link) in self._people.items():
            browser = rondom.browser()
            for cookie, value in cookies.items():
                browser.cookies.set(cookie, value, domain="localhost.local", path="/")
            people[name] = Person(id_, browser, rondom.origin + link if link else "")
        return Meeting(rondom, **people)


def _new_meeting(rondom: Rondom) -> Meeting:
    """Begin a meeting and let everybody in, up to the circle's being complete."""
    browser = rondom.coordinator()
    made = browser.post(
        "/api/meetings",
        json={
            "protocol": "eigen_kracht",
            "title": "Rond Sami",
            "central_person": {"name": "Sami", "age_band": "12_15"},
            "language": "nl",
        },
    )
    assert made.status_code == 201, made.text
    marieke = Person(made.json()["participant"], browser)
    sami = next(person["id"] for person in marieke.state()["people"] if person["central"])
    mama = marieke.does("people", name="Leyla", relation="moeder", role="parent", authority=True)["id"]
    people: dict[str, Any] = {"sami": let_in(rondom, marieke, sami), "mama": let_in(rondom, marieke, mama)}
    for person in people.values():
        person.does("yes-to-meeting", answer="yes")
    people["sami"].moves("accept_referral")
    marieke.does("independent", answer="yes")
    people["sami"].moves("accept_coordinator")
    for key, about in {
        "oma": {"name": "Oma Fatma", "relation": "oma", "role": "family", "contact": "06-55512345"},
        "linda": {"name": "Linda", "relation": "mentor", "role": "professional", "contact": "linda@school.example"},
    }.items():
        invited = marieke.does("people", **about)["id"]
        for decider in (people["sami"], people["mama"]):
            decider.does(f"people/{invited}/consent", answer="yes")
        people[key] = let_in(rondom, marieke, invited)
    return Meeting(rondom, marieke, **people)


def let_in(rondom: Rondom, marieke: Person, person: str) -> Person:
    """Make somebody's link, and come in by it in a browser of their own."""
    link = marieke.does(f"people/{person}/link")["link"]
    return enter(rondom.browser(), link)


def enter(browser: httpx.Client, link: str) -> Person:
    """Come in by a link."""
    id_, secret = link.split("/u/")[1].split("#")
    answer = browser.post("/api/enter", json={"id": id_, "secret": secret})
    assert answer.status_code == 200, answer.text
    return Person(id_, browser, link)


def _prepare(m: Meeting) -> None:
    m.sami.does("question", text="Wat is er nodig zodat Sami thuis kan blijven?")
    m.marieke.moves("prepare")


def _begin(m: Meeting) -> None:
    for person in [*m.circle, m.linda]:
        m.marieke.does(f"people/{person.id}/prepared", prepared=True)
        m.marieke.does(f"people/{person.id}/safety", safe=True)
    m.marieke.does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    m.sami.does("statement", text="Ik wil weer naar voetbal.")
    m.linda.does("view", text="Sami kan het.")
    for decider in (m.sami, m.mama):
        decider.does("go", answer="yes")
    m.marieke.moves("begin_meeting")


def _close_the_door(m: Meeting) -> None:
    for person in m.circle:
        person.does("no-questions", answer="yes")
    m.marieke.moves("begin_private_time")


def _open_the_door(m: Meeting) -> None:
    m.sami.moves("end_private_time", release=m.plan())
    m.oma.moves("end_private_time/confirm")


def _freeze(m: Meeting) -> None:
    m.oma.does("agreements/eten/yes")
    m.linda.does("agreements/bellen/yes")
    m.marieke.moves("to_signing")


def _sign(m: Meeting) -> None:
    for person in (m.sami, m.oma, m.linda):
        sha256 = person.state()["plan"]["sha256"]
        person.does("signature", sha256=sha256, choice="stand_behind", typed_name="Naam")
    m.marieke.moves("begin_follow_up")


_STEPS = {
    "circle": _prepare,
    "preparation": _begin,
    "information": _close_the_door,
    "private_time": _open_the_door,
    "agreement": _freeze,
    "signing": _sign,
}

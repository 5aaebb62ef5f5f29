"""The servers that are measured, with the durable storage that each has: started, looked at, and ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from app.settings import Settings
from tests.app.driving import Meeting, Rondom, _new_meeting
from tests.running import free_port

HERE = Path(__file__).resolve().parent
SERVER_CORE, LOAD_CORE = {0}, {1}

# What one connection may send is made wide here (and in roomy_rondom.py what a board may hold): what is measured is the
# server, not its patience.
WIDE = {
    "RONDOM_MESSAGES_PER_SECOND": "1000000",
    "RONDOM_BYTES_PER_SECOND": "1000000000",
    "RONDOM_SOCKETS_PER_ADDRESS": "100000",
    "RONDOM_SOCKETS_PER_BOARD": "1000",
    "RONDOM_SOCKETS_PER_PARTICIPANT": "1000",
}


@dataclass
class Server:
    """A server that runs, and where its boards are: for each board as many sockets as people."""

    name: str
    wire: str
    start: list[str]
    environment: dict[str, str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start it, and wait until it can be reached."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.start,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                preexec_fn=lambda: os.sched_setaffinity(0, SERVER_CORE),
            )
        until = time.monotonic() + 30
        while not _answers(self.port):
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{self.name} did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=20)
            self.process = None

    @property
    def cpu(self) -> float:
        """Seconds of processor time it used up to now."""
        assert self.process is not None
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> int:
        """Bytes it holds now."""
        assert self.process is not None
        return int(psutil.Process(self.process.pid).memory_info().rss)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def rondom(folder: Path) -> Server:
    """Rondom, with scanner and durable storage."""
    port = free_port()
    program = [sys.executable, "-m", "benchmarks.roomy_rondom", "serve", "--port", str(port)]
    environment = {**WIDE, "RONDOM_ORIGIN": "", "PYTHONPATH": str(HERE.parent)}
    return Server(
        "Rondom", "rondom", [*program, "--data", str(folder / "data")], environment, port, folder / "rondom.log"
    )


def hocuspocus(folder: Path) -> Server:
    """Hocuspocus with its SQLite extension, as its documentation has it."""
    port = free_port()
    program = ["node", str(HERE / "hocuspocus.mjs"), str(port), str(folder / "hocuspocus.sqlite")]
    return Server("Hocuspocus", "hocuspocus", program, {}, port, folder / "hocuspocus.log")


def y_websocket(folder: Path) -> Server:
    """The reference server of y-websocket; it stores nothing."""
    port = free_port()
    program = ["node", str(HERE / "node_modules/@y/websocket-server/src/server.js")]
    environment = {"HOST": "127.0.0.1", "PORT": str(port)}
    return Server("@y/websocket-server", "y-websocket", program, environment, port, folder / "y-websocket.log")


def relay(folder: Path) -> Server:
    """The limit: the same web server, which passes the bytes on and does nothing else."""
    port = free_port()
    program = [sys.executable, str(HERE / "relay.py"), str(port)]
    return Server("bare relay", "y-websocket", program, {"PYTHONPATH": str(HERE.parent)}, port, folder / "relay.log")


PEERS = {"rondom": rondom, "hocuspocus": hocuspocus, "y_websocket": y_websocket, "relay": relay}


@contextmanager
def running(name: str, folder: Path, boards: int, people: int) -> Iterator[tuple[Server, list[list[dict[str, str]]]]]:
    """Run a server, and give the sockets of so many boards with so many people on each."""
    folder.mkdir()
    server = PEERS[name](folder)
    server.run()
    try:
        yield (
            server,
            _rondom_sockets(server, folder, boards, people)
            if name == "rondom"
            else [
                [{"url": f"ws://127.0.0.1:{server.port}/board{board}", "cookie": "", "board": f"board{board}"}] * people
                for board in range(boards)
            ],
        )
    finally:
        server.end(signal.SIGKILL)


def _rondom_sockets(server: Server, folder: Path, boards: int, people: int) -> list[list[dict[str, str]]]:
    """Play so many meetings into private time; each of the circle of three has as many tabs open as it takes."""
    house = Rondom(Settings(_env_file=None, data=folder / "data", port=server.port))
    house.make_account()
    meetings = [_new_meeting(house).until("private_time") for _ in range(boards)]
    house.close()
    return [_tabs(meeting, server.port, people) for meeting in meetings]


def _tabs(meeting: Meeting, port: int, people: int) -> list[dict[str, str]]:
    sockets: list[dict[str, Any]] = [
        {"url": f"ws://127.0.0.1:{port}/ws/m/{person.id}/boards/private", "cookie": person.cookie, "board": ""}
        for person in meeting.circle
    ]
    return [sockets[number % len(sockets)] for number in range(people)]
